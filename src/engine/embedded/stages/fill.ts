import { Doc } from '../bson/value.ts';
import { readFill } from '../fill-spec.ts';
import { parsePipeline, type StageDefinition } from '../pipeline.ts';

/** Values are set where a field is null or missing; the methods are window functions. https://www.mongodb.com/docs/manual/reference/operator/aggregation/fill/ */
export const stage: StageDefinition = {
  parse(argument, context) {
    const { values, windows, partition, sortBy } = readFill(argument);
    const stages: Doc[] = [];
    if (windows.size > 0) stages.push(Doc.of({ $setWindowFields: Doc.of({ partitionBy: partition, sortBy, output: windows }) }));
    if (values.size > 0) stages.push(Doc.of({ $addFields: values }));
    return parsePipeline(stages, context);
  },
};
