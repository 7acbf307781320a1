import { Doc, type Value } from '../bson/value.ts';
import { MongoError } from '../errors.ts';
import { shapingStages } from '../shaping.ts';
import type { QueryContext } from '../variables.ts';

/**
 * Parses an update by pipeline: stages that shape one document, nothing else. Other than an aggregation it is not optimized, so that
 * what fails in constants fails for a document, and not where none matches.
 */
export function parsePipelineUpdate(stages: readonly Value[], context: QueryContext): (doc: Doc) => Doc {
  const unoptimized = { ...context, afterParsing: [] };
  const steps = stages.map((stage) => {
    const name = stage instanceof Doc && stage.size === 1 ? (stage.keys().next().value as string) : undefined;
    if (!(stage instanceof Doc) || name === undefined) throw new MongoError(40323, 'A pipeline stage specification object must contain exactly one field.');
    const parse = shapingStages[name];
    if (!parse) throw new MongoError('InvalidOptions', `${name} is not allowed to be used within an update`);
    return parse(stage.get(name) as Value, unoptimized);
  });
  return (doc) => steps.reduce((current, step) => step(current), doc);
}
