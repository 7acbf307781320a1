import { Doc, typeName } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { parsePipeline, type StageDefinition } from '../pipeline.ts';

export const stage: StageDefinition = {
  parse(argument, context) {
    const spec = typeof argument === 'string' ? Doc.of({ coll: argument }) : argument;
    if (!(spec instanceof Doc)) throw new MongoError('FailedToParse', `the $unionWith stage specification must be an object or string, but found ${typeName(argument)}`);
    const [collection, pipeline = []] = [spec.get('coll'), spec.get('pipeline')];
    const first = Array.isArray(pipeline) ? pipeline[0] : undefined;
    const makes = collection === undefined && first instanceof Doc && first.has('$documents');
    if (typeof collection !== 'string' && !makes) throw new MongoError(40414, "BSON field '$unionWith.coll' is missing but a required field");
    if (!Array.isArray(pipeline)) throw new MongoError('TypeMismatch', `BSON field '$unionWith.pipeline' is the wrong type '${typeName(pipeline)}', expected type 'array'`);
    const origin = context.origin && typeof collection === 'string' ? { ...context.origin, name: collection, asked: collection, collectionless: false } : context.origin;
    const parsed = parsePipeline(pipeline, { ...context, ...(origin ? { origin } : {}), nested: '$unionWith' });
    const others = (): Iterable<Doc> => parsed.run(typeof collection === 'string' ? context.access.documents(collection) : []);
    return { run: (input) => both(input, others) };
  },
};

function* both(input: Iterable<Doc>, others: () => Iterable<Doc>): Iterable<Doc> {
  yield* input;
  yield* others();
}
