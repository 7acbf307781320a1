import { loadRegistry } from '../../registry.ts';
import type { Doc, Maybe, Value } from './bson/value.ts';
import { MongoError } from './errors.ts';
import { findAccumulator } from './accumulator.ts';
import type { Sort } from './query/sort.ts';
import type { QueryContext, Scope } from './variables.ts';

/** The documents of one partition, in order, and the frame that each one sees. */
export interface Partition {
  readonly scopes: readonly Scope[];
  /** The first document of a frame, and the one behind its last. */
  frame(index: number): readonly [number, number];
  /** True where a frame's first document need not be the partition's. */
  readonly slides: boolean;
  /** Sort keys, where there is a sort. */
  readonly keys: readonly (readonly Maybe[])[];
}

/** What surrounds a window function. */
export interface WindowSurroundings {
  readonly context: QueryContext;
  readonly name: string;
  readonly sort: Sort | undefined;
  /** The output field's own specification: the function, and `window` where it is given. */
  readonly spec: Doc;
}

/** Computes a value for every document of a partition. */
export type WindowFunction = (partition: Partition) => Maybe[];
export type ParseWindow = (argument: Value, surroundings: WindowSurroundings) => WindowFunction;

/** One file in `windows/` exports `windows`: a family, by name with the `$`. */
export type WindowFamily = Readonly<Record<string, ParseWindow>>;

let known: ReadonlyMap<string, ParseWindow> = new Map();

/** Loads the families; awaited before the engine listens. */
export async function loadWindows(): Promise<void> {
  if (known.size > 0) return;
  const families = await loadRegistry<WindowFamily>(new URL('./windows/', import.meta.url), 'windows');
  known = new Map([...families.values()].flatMap((family) => Object.entries(family)));
}

/** Parses a window function; an accumulator is one too. */
export function parseWindow(argument: Value, surroundings: WindowSurroundings): WindowFunction {
  const { name, context } = surroundings;
  const parse = known.get(name);
  if (parse) return parse(argument, surroundings);
  const accumulator = name === '$mergeObjects' ? undefined : findAccumulator(name);
  if (!accumulator) throw new MongoError('FailedToParse', `Unrecognized window function, ${name}`);
  const { expression, begin } = accumulator(argument, context, name);
  return ({ scopes, frame }) => {
    const values = scopes.map((scope) => expression(scope));
    let growing: { to: number; state: ReturnType<typeof begin> } | undefined;
    return scopes.map((scope, index) => {
      const [from, to] = frame(index);
      // Where frames all begin at the first document and grow, one accumulation serves them all.
      if (from > 0 || !growing || growing.to > to) growing = { to: from, state: begin(scope) };
      const { state } = growing;
      for (let at = growing.to; at < to; at++) state.add(values[at], scopes[at] as Scope);
      growing.to = to;
      const result = state.result();
      if (from > 0) growing = undefined;
      return Array.isArray(result) ? [...result] : result;
    });
  };
}
