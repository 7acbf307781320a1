import { isCheck } from '../checker/check.ts';
import { CheckFailure } from '../checker/failure.ts';
import type { Check, CheckContext } from '../checker/types.ts';
import type { Exercise } from '../course/types.ts';
import type { Prepared } from './prepared.ts';
import type { Scene } from './scene.ts';

/** A check with its id and points, as it is going to run. */
export interface PlannedCheck {
  id: string;
  title: string;
  maxPoints: number;
  bonus: boolean;
  scene: string;
  lesson: string;
  timeoutMs: number;
  deadline: boolean;
  needs: string[];
  run: (t: CheckContext, scene: Scene) => Promise<void> | void;
}

export const compilesId = 'compiles';

/** `answers503WithoutAClient` is `answers-503-without-a-client`. */
export function kebabCase(name: string): string {
  return name.replace(/([A-Z])(?=[A-Z][a-z])|([a-z])(?=[A-Z0-9])|([0-9])(?=[A-Za-z])/g, '$&-').toLowerCase();
}

/**
 * The checks of a checker module, in the order of its file, after the built-in `compiles`.
 * @throws Error where a check needs one that the module does not export
 */
export function planChecks(exports: Record<string, unknown>, exercise: Exercise, prepared: Prepared): PlannedCheck[] {
  const found = Object.entries(exports).filter((entry): entry is [string, Check] => isCheck(entry[1]));
  const ids = new Map<Check, string>(found.map(([name, check]) => [check, kebabCase(name)]));
  const inOrder = order(found.map(([, check]) => check), exercise, ids);
  const planned = inOrder.filter((check) => !check.options.exceptOn?.includes(process.platform)).map((check): PlannedCheck => {
    const { options } = check;
    const id = ids.get(check) as string;
    const needs = (options.needs ?? []).map((need) => {
      const other = ids.get(need);
      if (!other) throw new Error(`check ${id} needs a check that its module does not export: "${need.title}"`);
      return other;
    });
    return {
      id, title: check.title, maxPoints: exercise.points[id] ?? 0, bonus: options.bonus ?? false, scene: options.scene ?? 'main',
      lesson: options.lesson ?? exercise.lesson, timeoutMs: options.timeoutMs ?? 15_000, deadline: options.deadline ?? false,
      needs: [compilesId, ...needs], run: check.run,
    };
  });
  return [compiles(exercise, prepared), ...planned];
}

/** A module's exports come in alphabetical order; the exercise's points name the checks in the author's. */
function order(checks: Check[], exercise: Exercise, ids: ReadonlyMap<Check, string>): Check[] {
  const named = Object.keys(exercise.points);
  const place = (check: Check): number => {
    const index = named.indexOf(ids.get(check) as string);
    return index === -1 ? named.length : index;
  };
  const sorted = [...checks].sort((a, b) => place(a) - place(b));
  const result: Check[] = [];
  const add = (check: Check): void => {
    if (result.includes(check)) return;
    for (const need of check.options.needs ?? []) if (ids.has(need)) add(need);
    result.push(check);
  };
  sorted.forEach(add);
  return result;
}

/** The code compiles, and its entry loads; all other checks need it. */
function compiles(exercise: Exercise, prepared: Prepared): PlannedCheck {
  return {
    id: compilesId, title: 'the code compiles and loads', maxPoints: 0, bonus: false, scene: 'main', lesson: exercise.lesson, timeoutMs: 25_000, deadline: false, needs: [],
    async run(t, scene) {
      const [both] = prepared.sources.ambiguous;
      if (both) t.fail({ message: `${both} both differ from the starter, so it is unclear which one counts. Keep one of them.`, cause: 'x.ts and x.js both written' });
      const [first] = prepared.errors;
      if (first) {
        throw new CheckFailure({
          message: `The code does not compile${first.at ? `: ${first.at}` : ''}. ${first.message}`, cause: first.message.startsWith('The package') ? 'a package is missing' : 'does not compile',
          evidence: prepared.errors.slice(0, 5).map((error) => ({ kind: 'source', text: [error.message, ...(error.excerpt ? [error.excerpt] : [])].join('\n'), untrusted: true, ...(error.at ? { at: error.at } : {}) })),
        });
      }
      if (exercise.entryKind === 'server') await scene.serve(prepared.start);
      else await scene.program();
    },
  };
}
