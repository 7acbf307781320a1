import { Doc, typeName } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { parsePipeline, type StageDefinition } from '../pipeline.ts';

export const stage: StageDefinition = {
  parse(argument, context) {
    if (!(argument instanceof Doc) || argument.size === 0) throw new MongoError(40169, `the $facet specification must be a non-empty object`);
    const facets = [...argument].map(([name, pipeline]) => {
      if (!Array.isArray(pipeline)) throw new MongoError(40170, `arguments to $facet must be arrays, ${name} is type ${typeName(pipeline)}`);
      if (name.includes('.') || name.startsWith('$')) throw new MongoError(16410, `FieldPath field names may not start with '$'. Consider using $getField or $setField.`);
      const parsed = parsePipeline(pipeline, { ...context, nested: '$facet' });
      if (parsed.source) throw new MongoError(40600, 'a stage that makes its own documents is not allowed to be used within a $facet stage');
      return { name, parsed };
    });
    return {
      *run(input) {
        const documents = [...input];
        yield Doc.of(facets.map(({ name, parsed }) => [name, [...parsed.run(documents)]] as const));
      },
    };
  },
};
