export { check } from './check.ts';
export { SubmissionError } from './failure.ts';
export { ObjectId } from '../wire/bson.ts';
export type {
  Attempt, Check, CheckContext, CheckOptions, ClientRecord, Collection, CommandQuery, CommandRecord, Database, Document,
  Exit, Failure, HttpAnswer, HttpInit, HttpProgram, Program, Random, StartOptions, SubmissionErrorShape, Tap,
} from './types.ts';
export type { Evidence } from '../verdict/types.ts';
