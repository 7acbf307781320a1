import { UserError, exitCodes } from '../../errors.ts';
import type { ReportMeta } from '../../verdict/report.ts';
import type { SubmissionVerdict } from '../../verdict/types.ts';

/** Results in a MongoDB of the instructor's: collection `results`, one document for each course and student. */
export interface Gradebook {
  put(meta: ReportMeta, verdict: SubmissionVerdict): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the database that the URI names (`mongo_course` where it names none).
 * @throws UserError where no server answers
 */
export async function openGradebook(uri: string): Promise<Gradebook> {
  const { MongoClient } = await import('mongodb');
  const client = await (async () => {
    try {
      return await new MongoClient(uri, { serverSelectionTimeoutMS: 5000, appName: 'mongo-course gradebook' }).connect();
    } catch (error) {
      // The parser's own copy of the class is not the driver's.
      const wrong = (error as Error).name === 'MongoParseError' || (error as Error).name === 'MongoInvalidArgumentError';
      throw new UserError(`The gradebook can't be opened: ${(error as Error).message}.`, { wayOut: 'Give the URI of a MongoDB that runs: --gradebook mongodb://127.0.0.1:27017/grades', exitCode: wrong ? exitCodes.usage : exitCodes.environment, cause: error });
    }
  })();
  const named = client.options.dbName;
  const results = client.db(named === 'test' && !/\/test(\?|$)/.test(uri) ? 'mongo_course' : named).collection('results');
  await results.createIndex({ course: 1, name: 1 }, { unique: true });
  return {
    async put(meta, verdict) {
      const { name, ...rest } = verdict;
      await results.updateOne({ course: meta.course.name, name }, { $set: { ...rest, version: meta.course.version, engine: meta.engine, seed: meta.seed, sandbox: meta.sandbox }, $currentDate: { graded_at: true } }, { upsert: true });
    },
    close: () => client.close(),
  };
}
