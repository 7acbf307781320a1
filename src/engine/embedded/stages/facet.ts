import { Doc, typeName } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { parsePipeline, type StageDefinition } from '../pipeline.ts';

export const stage: StageDefinition = {
  parse(argument, context) {
    if (context.inFacet) throw new MongoError(40600, '$facet is not allowed to be used within a $facet stage');
    if (!(argument instanceof Doc) || argument.size === 0) throw new MongoError(40169, `the $facet specification must be a non-empty object`);
    const facets = [...argument].map(([name, pipeline]) => {
      if (!Array.isArray(pipeline)) throw new MongoError(40170, `arguments to $facet must be arrays, ${name} is type ${typeName(pipeline)}`);
      if (name === '') throw new MongoError(15998, 'FieldPath field names may not be empty strings.');
      if (name.includes('\0')) throw new MongoError(16411, 'FieldPath field names may not contain null bytes.');
      if (name.includes('.')) throw new MongoError(16412, "FieldPath field names may not contain '.'. Consider using $getField or $setField.");
      if (!pipeline.every((one) => one instanceof Doc)) throw new MongoError(40171, `elements of arrays in $facet spec must be non-empty objects, ${name} holds another type`);
      if (pipeline.some((one) => one instanceof Doc && one.has('$facet'))) throw new MongoError(40600, '$facet is not allowed to be used within a $facet stage');
      if (name.startsWith('$')) throw new MongoError(16410, `FieldPath field names may not start with '$'. Consider using $getField or $setField.`);
      const parsed = parsePipeline(pipeline, { ...context, nested: '$facet', inFacet: true });
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
