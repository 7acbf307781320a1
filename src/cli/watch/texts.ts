import type { Exercise } from '../../course/types.ts';
import { scoreWithBonus } from '../../report/exercise.ts';
import { failureLines } from '../../report/failure.ts';
import { mark, row, styleOf } from '../../report/style.ts';
import { clean, wrap } from '../../report/text.ts';
import type { ExerciseVerdict } from '../../verdict/types.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Place } from './editor.ts';

/** A verdict for somebody who looks at an editor most of the time: what failed first, then all checks. */
export function verdictLines(terminal: Terminal, verdict: ExerciseVerdict, seed: number, place: (at: string) => string): string[] {
  const look = styleOf({ write: () => undefined, width: terminal.width, color: terminal.color, accessible: terminal.accessible });
  const wrong = verdict.checks.filter((check) => ['failed', 'timeout', 'errored'].includes(check.status));
  const blocks = wrong.map((check) => failureLines(look, check, place));
  if (verdict.status === 'missing') blocks.push(wrap('The folder of this exercise is gone. Press x, then y, to have its starter files back.', look.width));
  if (verdict.status === 'passed') blocks.push(wrap(`Well done: "${verdict.title}" passes, ${scoreWithBonus(verdict)}. Press n to go on.`, look.width).map((line) => terminal.color.green.bold(line)));
  blocks.push(verdict.checks.flatMap((check) => row(look, `${mark(look, check.status)} `, clean(check.title), check.maxPoints > 0 ? `${check.points ?? 0} of ${check.maxPoints}` : '', check.status === 'skipped' ? terminal.color.dim : undefined)));
  blocks.push((verdict.notes ?? []).flatMap((note) => wrap(clean(`Note: ${note}`), look.width)));
  if (wrong.length > 0) blocks.push(wrap(`The data comes from seed ${seed}, and stays the same until all checks pass.`, look.width).map((line) => terminal.color.dim(line)));
  return blocks.filter((block) => block.length > 0).flatMap((block, index) => (index === 0 ? block : ['', ...block]));
}

/** Where to look: the first place that a failure names, else the beginning of the first file to edit. */
export function failingPlace(exercise: Exercise, verdict: ExerciseVerdict | undefined): Place {
  for (const check of verdict?.checks ?? []) {
    if (check.status === 'passed' || check.status === 'skipped') continue;
    for (const evidence of check.evidence ?? []) {
      const match = /^(.+?):(\d+)(?::(\d+))?$/.exec(evidence.at ?? '');
      if (match) return { file: match[1] as string, line: Number(match[2]), column: Number(match[3] ?? 1) };
    }
  }
  return { file: exercise.editable[0] as string, line: 1, column: 1 };
}
