import { SubmissionError } from '../checker/failure.ts';
import type { Failure, SubmissionErrorShape } from '../checker/types.ts';
import type { Places } from '../submission/compile/places.ts';
import type { ProcessExit, ThrownShape } from '../submission/process/program.ts';
import type { Evidence } from '../verdict/types.ts';

/** What a submission threw, its places in the learner's own lines. */
export function shapeOf(error: ThrownShape, places: Places): SubmissionErrorShape {
  const at = error.stack ? places.first(error.stack) : undefined;
  return {
    name: error.name, message: error.message, isError: error.isError,
    ...(error.code === undefined ? {} : { code: error.code }),
    ...(error.errorKeys ? { errorKeys: error.errorKeys } : {}),
    ...(error.stack ? { stack: places.stack(error.stack) } : {}),
    ...(at ? { at } : {}),
  };
}

/** Says that a call, or loading the code, threw. */
export function threw(what: string, shape: SubmissionErrorShape): SubmissionError {
  const said = shape.isError ? `${shape.name}: ${shape.message}` : `${shape.message} (a ${shape.name}, not an Error)`;
  return new SubmissionError({
    message: `${what} threw an error: ${firstLine(said)}`, cause: `${what} throws ${shape.isError ? shape.name : 'something that is no Error'}`,
    evidence: [{ kind: 'error', text: shape.stack && shape.isError ? shape.stack : said, untrusted: true, ...(shape.at ? { at: shape.at } : {}) }],
  }, shape);
}

/** Says that a call did not come back. */
export function hung(what: string, ms: number): SubmissionError {
  return new SubmissionError({
    message: `${what} had not finished after ${Math.round(ms / 1000)} seconds.`, cause: `${what} never finishes`,
    hint: 'Look for a promise that is never resolved, an await on something that never happens, or a loop without an end.',
  });
}

/** Says that the process ended where an answer was due. @param what a clause: `sayHello() finished` */
export function ended(what: string, exit: ProcessExit, output: string, places: Places): SubmissionError {
  return new SubmissionError({ ...endedFailure(what, exit, places.stack(output)), evidence: crashEvidence(output, places) });
}

function endedFailure(what: string, exit: ProcessExit, output: string): Failure {
  if (exit.reason === 'flood') return { message: `Your code printed more than 16 MB, so it was stopped before ${what}.`, cause: 'endless output', hint: 'Look for a loop that prints.' };
  if (exit.reason === 'channel') return { message: `Your code wrote to file descriptor 3, the grader's own channel, so it was stopped before ${what}.`, cause: 'writes to the grader\'s channel', hint: 'Print with console.log; leave other file descriptors alone.' };
  if (/heap out of memory/.test(output)) return { message: `Your code used more than 512 MB of memory before ${what}.`, cause: 'out of memory', hint: 'Look for a list that grows without end.' };
  if (exit.signal) return { message: `Your code's process was ended by ${exit.signal} before ${what}.`, cause: `ended by ${exit.signal}` };
  const crashed = /^\S*(?:Error|Exception)\b.*$/m.exec(output)?.[0];
  if (exit.code !== 0 && crashed) return { message: `Your code crashed before ${what}: ${crashed}`, cause: 'an error that nothing catches ends the process', hint: 'An error in a callback, or a promise nobody awaits, ends the whole process.' };
  return {
    message: `Your code ended its process (exit code ${exit.code ?? 'unknown'}) before ${what}.`, cause: 'the process ends too early',
    hint: 'Is there a process.exit() somewhere? Leave the process running: the grader ends it.',
  };
}

function crashEvidence(output: string, places: Places): Evidence[] {
  const text = places.stack(output).trim();
  const at = places.first(output);
  return text === '' ? [] : [{ kind: 'output', text: tail(text), untrusted: true, ...(at ? { at } : {}) }];
}

/** What was printed, as evidence; nothing where nothing was. */
export function outputEvidence(text: string): Evidence[] {
  return text.trim() === '' ? [] : [{ kind: 'output', text: tail(text.trimEnd()), untrusted: true }];
}

const mostLines = 20;

function tail(text: string): string {
  const lines = text.split('\n').map((line) => (line.length > 300 ? `${line.slice(0, 299)}…` : line));
  return lines.length <= mostLines ? lines.join('\n') : [`… ${lines.length - mostLines} lines before`, ...lines.slice(-mostLines)].join('\n');
}

const firstLine = (text: string): string => (text.split('\n')[0] as string).slice(0, 300);
