import { randomBytes } from 'node:crypto';
import { beginMsg, bytesBeforeBody, encodeLegacyReply, encodeMsg, parseRequest, type Request } from '../../wire/message.ts';
import type { BackendConnection, ConnectionInfo, WireMessage } from '../../wire/backend.ts';
import type { Conversation } from './auth/login.ts';
import type { User } from './auth/users.ts';
import { decodeDocument } from './bson/decode.ts';
import { encodeBehind, encodeDocument } from './bson/encode.ts';
import type { Operation } from './current-operations.ts';
import { dispatch, failure } from './dispatch.ts';
import { joined } from './reply.ts';
import type { Server } from './server-state.ts';
import { Binary, Doc } from './bson/value.ts';

/** A connection of a client: takes its requests one after the other, and answers them. */
export class Client implements BackendConnection {
  readonly info: ConnectionInfo;
  /** Tells it apart from all others there ever were. */
  readonly uuid = new Binary(4, randomBytes(16));
  /** What the client said about itself in its first `hello`. */
  metadata: Doc | undefined;
  /** Who has logged in on it, one for a database. */
  loggedIn: readonly User[] = [];
  /** A login that has begun. */
  login: Conversation | undefined;
  /** What it does just now. */
  operation: Operation | undefined;
  /** Set once the connection is closed. */
  closed = false;
  readonly #server: Server;
  readonly #send: (bytes: Buffer) => void;
  readonly #end: () => void;
  /** Requests that came while one is being worked on. */
  readonly #waiting: Request[] = [];
  #busy = false;

  constructor(server: Server, info: ConnectionInfo, send: (bytes: Buffer) => void, end: () => void) {
    this.#server = server;
    this.info = info;
    this.#send = send;
    this.#end = end;
  }

  /** @throws ProtocolError for a message that breaks the protocol */
  handle(message: WireMessage): void {
    this.#server.network.bytesIn += message.bytes.length;
    this.#server.network.numRequests++;
    const request = parseRequest(message);
    if (this.#busy) this.#waiting.push(request);
    else this.#answer(request);
  }

  /** What came before is done all the same: who wants no answer to a write may hang up behind it. */
  close(): void {
    this.closed = true;
    this.#server.clients.delete(this);
  }

  /** Ends the connection without a reply. */
  hangUp(): void {
    this.#waiting.length = 0;
    this.#end();
  }

  #answer(request: Request): void {
    const reply = dispatch(this.#server, this, request);
    if (!(reply instanceof Promise) && !request.exhaustAllowed) {
      this.#reply(request, reply);
      return;
    }
    this.#busy = true;
    void this.#answerLater(request, reply);
  }

  async #answerLater(request: Request, first: Promise<Doc | Buffer | undefined> | Doc | Buffer | undefined): Promise<void> {
    let asked = request;
    let reply = await first;
    while (this.#isAskedAgain(asked, reply)) {
      asked = this.#askedAgain(asked, this.#reply(asked, reply, true));
      reply = await dispatch(this.#server, this, asked);
    }
    this.#reply(asked, reply);
    this.#busy = false;
    while (!this.#busy) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#answer(next);
    }
  }

  /** A `hello` that waits for news, and may be answered again and again, is: a driver takes the end of that for a lost server. */
  #isAskedAgain({ exhaustAllowed, body }: Request, reply: Doc | Buffer | undefined): boolean {
    if (!exhaustAllowed || this.closed || this.#server.stopping.signal.aborted) return false;
    return reply instanceof Doc && reply.has('maxWireVersion') && decodeDocument(body).has('maxAwaitTimeMS');
  }

  /** The same, as if by who knows the reply; each reply answers the one before it. */
  #askedAgain(request: Request, replyId: number): Request {
    return { ...request, requestId: replyId, body: encodeDocument(decodeDocument(request.body).set('topologyVersion', this.#server.topologyVersion) as Doc) };
  }

  /**
   * @param reply undefined where the connection was ended instead
   * @returns the id of the message; 0 where none is sent
   */
  #reply(request: Request, reply: Doc | Buffer | undefined, more = false): number {
    this.operation = undefined;
    if (this.closed || request.moreToCome || reply === undefined) return 0;
    const bytes = this.#message(request, reply, more);
    this.#server.network.bytesOut += bytes.length;
    this.#send(bytes);
    return bytes.readInt32LE(4);
  }

  #message({ legacy, requestId }: Request, reply: Doc | Buffer, moreToCome: boolean): Buffer {
    const { replicaSet } = this.#server;
    if (!legacy && !replicaSet && !moreToCome && !Buffer.isBuffer(reply)) return beginMsg(encoded(reply, bytesBeforeBody), requestId);
    const body = Buffer.isBuffer(reply) ? reply : encoded(reply, 0);
    if (legacy) return encodeLegacyReply(replicaSet ? joined(body, replicaSet.times) : body, requestId);
    return encodeMsg(body, { responseTo: requestId, moreToCome, more: replicaSet?.times });
  }
}

/** What cannot be encoded is an error of ours, which the client is told instead. */
function encoded(reply: Doc, room: number): Buffer {
  try {
    return encodeBehind(room, reply);
  } catch (error) {
    return encodeBehind(room, failure(error));
  }
}
