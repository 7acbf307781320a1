import type { Question, Quiz } from '../course/types.ts';
import type { Cli } from './context.ts';
import { wrap } from './terminal/table.ts';

export interface QuizResult {
  right: number;
  of: number;
}

/** Asks a quiz and explains each answer. Without a terminal it prints the questions, and there is no result. */
export async function askQuiz(cli: Cli, quiz: Quiz): Promise<QuizResult | undefined> {
  if (!cli.terminal.interactive) {
    printQuiz(cli, quiz);
    return undefined;
  }
  const { askOne } = await import('./terminal/ask.ts');
  const { color } = cli.terminal;
  let right = 0;
  for (const [index, question] of quiz.questions.entries()) {
    cli.terminal.print(color.dim(`Question ${index + 1} of ${quiz.questions.length}`));
    const chosen = Number(await askOne(cli, question.question, question.answers.map((answer, number) => ({ name: answer.text, value: String(number) }))));
    right += explain(cli, question, chosen) ? 1 : 0;
    cli.terminal.print();
  }
  cli.terminal.print(color.bold(`${right} of ${quiz.questions.length} right.`));
  return { right, of: quiz.questions.length };
}

function explain(cli: Cli, question: Question, chosen: number): boolean {
  const { color, width } = cli.terminal;
  const answer = question.answers[chosen];
  if (!answer) throw new Error(`the question has no answer ${chosen}`);
  const word = answer.correct ? color.green('Right.') : color.red('Not quite.');
  cli.terminal.print(wrap(`${word} ${answer.explanation}`, width));
  for (const other of question.answers) {
    if (other === answer) continue;
    const label = other.correct ? color.green(`The right answer: ${other.text}.`) : color.dim(`Not: ${other.text}.`);
    cli.terminal.print(wrap(`  ${label} ${other.explanation}`, width));
  }
  return answer.correct;
}

function printQuiz(cli: Cli, quiz: Quiz): void {
  for (const [index, question] of quiz.questions.entries()) {
    cli.terminal.print(wrap(`${index + 1}. ${question.question}`, cli.terminal.width));
    question.answers.forEach((answer, number) => cli.terminal.print(wrap(`   ${String.fromCharCode(97 + number)}) ${answer.text}`, cli.terminal.width)));
    cli.terminal.print();
  }
  cli.terminal.print('Answer them in a terminal: npx mongo-course quiz');
}
