import { Doc, type Maybe, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { parseExpression, redactVerdict } from '../expression.ts';
import type { StageDefinition } from '../pipeline.ts';

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/redact/ */
export const stage: StageDefinition = {
  parse(argument, { query }) {
    const decide = parseExpression(argument, query, new Set(['DESCEND', 'PRUNE', 'KEEP']));
    const bound = new Map<string, Maybe>([...query.variables, ...(['DESCEND', 'PRUNE', 'KEEP'] as const).map((name) => [name, redactVerdict[name]] as const)]);
    const redact = (doc: Doc, root: Doc): Doc | undefined => {
      const verdict = decide({ root, current: doc, bound });
      if (verdict === redactVerdict.KEEP) return doc;
      if (verdict === redactVerdict.PRUNE) return undefined;
      if (verdict !== redactVerdict.DESCEND) throw new MongoError(17053, '$redact must evaluate to $$DESCEND, $$PRUNE, or $$KEEP');
      return Doc.of([...doc].map(([name, value]) => [name, inner(value, root)] as const));
    };
    const inner = (value: Value, root: Doc): Maybe => {
      if (value instanceof Doc) return redact(value, root);
      if (!Array.isArray(value)) return value;
      return value.flatMap((item) => {
        const kept = inner(item, root);
        return kept === undefined ? [] : [kept];
      });
    };
    return {
      *run(input) {
        for (const doc of input) {
          const kept = redact(doc, doc);
          if (kept) yield kept;
        }
      },
    };
  },
};
