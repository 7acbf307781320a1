import type { Maybe, UtcDate, Value } from '../bson/value.ts';
import type { QueryContext } from '../variables.ts';

/** What a modifier may know of the document it changes. */
export interface Occasion {
  /** The document's `_id`, for messages. */
  readonly id: Maybe;
  /** The last part of the path, for messages. */
  readonly field: string;
  readonly path: string;
  readonly isInsert: boolean;
  readonly now: UtcDate;
}

/** Stands for the removal of a field; of an array's item it leaves null. */
export const removed: unique symbol = Symbol('removed');

/** One change of one field, parsed. */
export interface Modifier {
  readonly operator: string;
  /** Missing documents on the way are made; else a path that leads nowhere changes nothing. */
  readonly creates: boolean;
  /** It adds items at an array's end and leaves the others. */
  readonly appends?: boolean;
  /** A path that something else than a document stands in is an error even so. */
  readonly mustReach?: boolean;
  /** The new value, the same one where nothing changes, or `removed`. */
  apply(current: Maybe, occasion: Occasion): Value | undefined | typeof removed;
}

export type ParseModifier = (argument: Value, tools: { path: string; context: QueryContext }) => Modifier;

/** One file in `operators/` exports `operators`: a family, by name with the `$`. `$rename` and `$setOnInsert` are told apart by the parser. */
export type ModifierFamily = Readonly<Record<string, ParseModifier>>;

