import type { Doc, Maybe, Value } from '../bson/value.ts';
import type { QueryContext } from '../variables.ts';
import type { Filter, FilterPlace } from './filter.ts';

/** A test of one value at the end of a path. */
export interface Predicate {
  /** The operator, without `$`: what a planner asks. */
  readonly op: string;
  /** Its argument, where a planner can use it. */
  readonly operand?: Value;
  /** Arrays at the path's end are tested item by item too. */
  readonly leaves: boolean;
  test(value: Maybe): boolean;
  /** Where it takes all values of a path together: a test for one document, true once it holds. */
  together?(): (value: Maybe) => boolean;
  /** For `$elemMatch`: the index of the item that matches. */
  matchedItem?(value: Maybe): number | undefined;
}

/** What an operator's parser may call back. */
export interface OperatorTools {
  readonly context: QueryContext;
  /** The field that the operator is applied to. */
  readonly path: string;
  /** Where the query stands that the operator is in. */
  readonly place: FilterPlace;
  /** Parses a query of the documents in an array. */
  filter(query: Doc): Filter;
  /** Parses `{ $gt: 1, … }` as a test of an array's items. */
  items(query: Doc): (item: Maybe) => boolean;
  /** True for the name of an operator that may stand here. */
  isOperator(name: string): boolean;
  /** The document that the operator stands in: `$regex` needs `$options`. */
  readonly siblings: ReadonlyMap<string, Value>;
}

/** What an operator's parser makes: predicates that all must hold on the path, or that must not (`$ne`). */
export interface ParsedOperator {
  predicates: Predicate[];
  negated?: boolean;
}

export type ParseOperator = (argument: Value, tools: OperatorTools) => ParsedOperator;

/** One file in `operators/` exports `operators`: a family, by name with the `$`. */
export type OperatorFamily = Readonly<Record<string, ParseOperator>>;
