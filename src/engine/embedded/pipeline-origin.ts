import { MongoError } from './errors.ts';
import type { PipelineContext, PipelineOrigin } from './pipeline.ts';

/** Where a stage that tells of a collection runs. @throws MongoError within a $facet, where others may be before it */
export function collectionOrigin(stage: string, { origin, inFacet }: PipelineContext): PipelineOrigin {
  if (inFacet) throw new MongoError(40600, `${stage} is not allowed to be used within a $facet stage`);
  if (!origin || origin.collectionless) throw new MongoError('InvalidNamespace', `${stage} must be run on a collection`);
  return origin;
}

/** Where a stage that tells of the server runs. @throws MongoError where the pipeline is one on a collection */
export function serverOrigin(stage: string, { origin, nested, inFacet }: PipelineContext): PipelineOrigin {
  if (inFacet) throw new MongoError(40600, `${stage} is not allowed to be used within a $facet stage`);
  if (!origin || nested || !origin.collectionless) throw new MongoError('InvalidNamespace', `${stage} must be run against the database with {aggregate: 1}, not a collection`);
  return origin;
}
