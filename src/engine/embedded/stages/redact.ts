import { Doc, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { parseExpression, redactVerdict } from '../expression.ts';
import type { StageDefinition } from '../pipeline.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/redact/ */
export const stage: StageDefinition = {
  parse(argument, { query }) {
    const decide = parseExpression(argument, query, new Set(['DESCEND', 'PRUNE', 'KEEP']));
    const redact = (doc: Doc, root: Doc, bound: Map<string, Maybe>): Doc | undefined => {
      const verdict = decide({ root, current: doc, bound });
      if (verdict === redactVerdict.KEEP) return doc;
      if (verdict === redactVerdict.PRUNE) return undefined;
      if (verdict !== redactVerdict.DESCEND) throw new MongoError(17053, '$redact must evaluate to $$DESCEND, $$PRUNE, or $$KEEP');
      return Doc.of([...doc].map(([name, value]) => [name, inner(value, root, bound)] as const));
    };
    const inner = (value: Value, root: Doc, bound: Map<string, Maybe>): Maybe => {
      if (value instanceof Doc) return redact(value, root, bound);
      if (!Array.isArray(value)) return value;
      return value.flatMap((item) => {
        const kept = inner(item, root, bound);
        return kept === undefined ? [] : [kept];
      });
    };
    return {
      *run(input) {
        for (const doc of input) {
          // Variables of a pipeline around this one change while it runs.
          const bound = new Map<string, Maybe>([...query.variables, ...(['DESCEND', 'PRUNE', 'KEEP'] as const).map((name) => [name, redactVerdict[name]] as const)]);
          const kept = redact(doc, doc, bound);
          if (kept) yield kept;
        }
      },
    };
  },
};
