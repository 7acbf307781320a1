import type { Collation } from './bson/collation.ts';
import type { Doc, Maybe, Timestamp, UtcDate } from './bson/value.ts';

/** What one operation's queries and expressions are evaluated in. */
export interface QueryContext {
  /** `let` variables and system ones that the operation fixes, without `$$`. */
  readonly variables: ReadonlyMap<string, Maybe>;
  readonly collation: Collation | undefined;
  /** `$$NOW`, the same throughout the operation. */
  readonly now: UtcDate;
  /** True where the operation knows no time. */
  readonly timeless?: boolean | undefined;
  /** `$$CLUSTER_TIME`, where there is one. */
  readonly clusterTime?: Timestamp | undefined;
  /** What is computed of constants once all is parsed: an error in what is written comes before one in what it gives. */
  readonly afterParsing?: (() => void)[] | undefined;
  /** Where the server computes in its slot-based engine, whose errors have codes of their own. */
  readonly slotBased?: boolean | undefined;
}

/** Variables while an expression is evaluated: the root document and those bound by `$let`, `$map` and the like. */
export interface Scope {
  readonly root: Doc;
  /** `$$CURRENT`. */
  readonly current: Maybe;
  readonly bound: ReadonlyMap<string, Maybe>;
}
