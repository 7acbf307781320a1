import { decodeDocument } from './bson/decode.ts';
import type { Doc } from './bson/value.ts';
import type { CommandContext } from './command.ts';
import { MongoError } from './errors.ts';

/** The statements of a write command, decoded. @throws MongoError 40414 where there are none */
export function statementsOf(context: CommandContext, field: string): Doc[] {
  const documents = context.documents(field);
  if (!documents) throw new MongoError(40414, `BSON field '${context.name}.${field}' is missing but a required field`);
  return documents.map((bytes) => decodeDocument(bytes));
}
