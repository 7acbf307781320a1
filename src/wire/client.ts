import { BSON } from './bson.ts';
import type { Backend } from './backend.ts';
import { encodeMsg, Framer, nextRequestId, replyBody } from './message.ts';

type Document = Record<string, unknown>;

/** A command that the server refused. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: number | undefined;
  readonly reply: Document;
  constructor(reply: Document) {
    super(String(reply.errmsg ?? 'the server refused the command'));
    this.code = typeof reply.code === 'number' ? reply.code : undefined;
    this.reply = reply;
  }
}

/** Talks to a backend without a socket of its own: for the checker, past the tap. */
export interface DirectClient {
  /**
   * Runs one command. Values are the `bson` package's, numbers promoted.
   * @throws CommandError where the reply is not ok, or holds write errors
   */
  command(database: string, command: Document): Promise<Document>;
  /** Runs a command that returns a cursor, to its end. */
  drain(database: string, command: Document): Promise<Document[]>;
  close(): void;
}

export function connectDirect(backend: Backend): DirectClient {
  const waiting = new Map<number, { done: (reply: Document) => void; failed: (error: Error) => void }>();
  const framer = new Framer();
  const connection = backend.connect({ id: 0, remotePort: 0, trusted: true }, (bytes) => receive(bytes), () => end(new Error('the engine closed the connection')));
  const receive = (bytes: Buffer): void => {
    const body = replyBody(bytes);
    const call = waiting.get(bytes.readInt32LE(8));
    waiting.delete(bytes.readInt32LE(8));
    if (call && body) call.done(BSON.deserialize(body));
  };
  const end = (error: Error): void => {
    for (const call of waiting.values()) call.failed(error);
    waiting.clear();
  };
  const client: DirectClient = {
    async command(database, command) {
      const bytes = encodeMsg(BSON.serialize({ ...command, $db: database }, { ignoreUndefined: true }));
      bytes.writeInt32LE(nextRequestId(), 4);
      const [message] = framer.push(bytes);
      if (!message) throw new Error('an incomplete message was made');
      const reply = await new Promise<Document>((done, failed) => {
        waiting.set(message.requestId, { done, failed });
        connection.handle(message);
      });
      if (reply.ok !== 1) throw new CommandError(reply);
      const [refused] = Array.isArray(reply.writeErrors) ? (reply.writeErrors as Document[]) : [];
      if (refused) throw new CommandError(refused);
      return reply;
    },
    async drain(database, command) {
      let cursor = (await client.command(database, command)).cursor as Cursor;
      const documents = [...(cursor.firstBatch ?? [])];
      const collection = cursor.ns.slice(cursor.ns.indexOf('.') + 1);
      while (String(cursor.id) !== '0') {
        cursor = (await client.command(database, { getMore: BSON.Long.fromString(String(cursor.id)), collection })).cursor as Cursor;
        documents.push(...(cursor.nextBatch ?? []));
      }
      return documents;
    },
    close: () => connection.close(),
  };
  return client;
}

interface Cursor {
  id: unknown;
  ns: string;
  firstBatch?: Document[];
  nextBatch?: Document[];
}
