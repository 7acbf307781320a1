export { check } from './check.ts';
export { SubmissionError } from './failure.ts';
export { expect415, expect503, secretIn } from './http.ts';
export type { OutageHints } from './http.ts';
export { ObjectId } from '../wire/bson.ts';
export type {
  Attempt, Check, CheckContext, CheckOptions, ClientRecord, Collection, CommandQuery, CommandRecord, Database, Document,
  Exit, Failure, HttpAnswer, HttpInit, HttpProgram, Program, Random, StartOptions, SubmissionErrorShape, Tap,
} from './types.ts';
export type { Evidence } from '../verdict/types.ts';
