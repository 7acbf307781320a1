import { MongoError } from './errors.ts';
import type { PipelineContext, PipelineOrigin } from './pipeline.ts';

/** Where a pipeline runs, for a stage that tells of the server or of the collection itself. @throws MongoError where it is nested */
export function originOf(stage: string, { origin, nested }: PipelineContext, onCollection = true): PipelineOrigin {
  if (nested === '$facet') throw new MongoError(40600, `${stage} is not allowed to be used within a $facet stage`);
  if (!origin || nested) throw new MongoError('NotImplemented', `${stage} within another pipeline is not supported by this server`);
  if (onCollection && origin.collectionless) throw new MongoError('InvalidNamespace', `${stage} must be run on a collection`);
  return origin;
}
