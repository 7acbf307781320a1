import { parseAccumulator, type Accumulation, type Accumulator } from '../accumulator.ts';
import { hashKey } from '../bson/compare.ts';
import { Doc, isNumeric, type Maybe } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { parseExpression, type Expression } from '../expression.ts';
import type { StageDefinition } from '../pipeline.ts';
import type { QueryContext, Scope } from '../variables.ts';

export const stage: StageDefinition = {
  parse(argument, { query }) {
    if (!(argument instanceof Doc)) throw new MongoError(15947, "a group's fields must be specified in an object");
    const by = argument.get('_id');
    if (by === undefined) throw new MongoError(15955, 'a group specification must include an _id');
    if (by instanceof Doc && [...by].some(([name, value]) => !name.startsWith('$') && (isNumeric(value) || typeof value === 'boolean')) && ![...by.keys()][0]?.startsWith('$')) {
      throw new MongoError(17390, "$group does not support inclusion-style expressions");
    }
    const key = parseExpression(by, query);
    const fields = [...argument].filter(([name]) => name !== '_id').map(([name, spec]) => {
      if (name.includes('.')) throw new MongoError(40235, `The field name '${name}' cannot contain '.'`);
      if (name.startsWith('$')) throw new MongoError(40236, `The field name '${name}' cannot be an operator name`);
      return { name, accumulator: parseAccumulator(name, spec, query) };
    });
    return { run: (input) => grouped(input, key, fields, query) };
  },
};

interface GroupField {
  readonly name: string;
  readonly accumulator: Accumulator;
}

function* grouped(input: Iterable<Doc>, key: Expression, fields: readonly GroupField[], query: QueryContext): Iterable<Doc> {
  const groups = new Map<string, { id: Maybe; values: Accumulation[] }>();
  for (const doc of input) {
    const scope = { root: doc, current: doc, bound: query.variables };
    const id = key(scope);
    const hash = id === undefined ? hashKey(null) : hashKey(id, query.collation);
    let group = groups.get(hash);
    if (!group) groups.set(hash, (group = { id, values: fields.map(({ accumulator }) => accumulator.begin(groupScope(id, query))) }));
    for (let index = 0; index < fields.length; index++) {
      const field = fields[index] as GroupField;
      group.values[index]?.add(field.accumulator.expression(scope), scope);
    }
  }
  for (const { id, values } of groups.values()) {
    const doc = new Doc();
    doc.set('_id', id ?? null);
    for (let index = 0; index < fields.length; index++) doc.set((fields[index] as GroupField).name, (values[index] as Accumulation).result());
    yield doc;
  }
}

/** What `n` of an accumulator may look at: the group's own `_id`. */
function groupScope(id: Maybe, query: QueryContext): Scope {
  const root = id instanceof Doc ? id : new Doc();
  return { root, current: root, bound: query.variables };
}
