import { check, type HttpAnswer } from 'mongo-course/checker';
import { ask, declared } from '../declared.ts';
import { justRight } from '../bodies.ts';
import { declaresItself } from './files.ts';
import { creates } from './requests.ts';

export const takesWhatKeepsTheRules = check('a value that just keeps a declared rule is taken', { lesson: '10-daily-task-and-choosing#declaring-your-api', needs: [declaresItself, creates] }, async (t) => {
  const task = await declared(t);
  const send = (field: string, value: unknown): Promise<HttpAnswer> => ask(t, task, task.routes.create, { ...task.valid, [field]: value });
  for (const { what, field, value, inside, hint } of justRight(task)) {
    await t.db.collection(task.collection).delete();
    const answer = await send(field, value);
    if (answer.status === 201) {
      const stored = await t.db.collection(task.collection).findOne();
      t.equal(inOneCase(stored?.[field]), value, { message: `A body with ${what} was sent and answered with 201, and what is stored is something else.`, cause: 'a right value is stored as another', evidence: t.tap.evidence(t.tap.writes().slice(-1)) });
      continue;
    }
    // A rule that daily_task.json has no words for, such as one between two fields, refuses the values beside it as well.
    const beside: number[] = [];
    for (const one of inside) beside.push((await send(field, one)).status);
    t.ok(beside.some((status) => status !== 201), {
      message: `A body with ${what} was sent, and the answer is ${answer.status}. It keeps all rules of daily_task.json, and ${inside.map(inWords).join(' and ')} in its place ${inside.length > 1 ? 'are' : 'is'} taken.`, cause: `${answer.status} for a value that just keeps a rule`, expected: 201, actual: answer.status, hint, evidence: answer.evidence,
    });
  }
});

const inWords = (value: unknown): string => (typeof value === 'string' ? `a text of ${value.length} characters` : String(value));

/** The texts that are sent are of small letters; a schema may turn them into capitals. */
const inOneCase = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);
