import { randomBytes } from 'node:crypto';
import { bool, object, readArguments } from '../arguments.ts';
import { Binary, Doc, type Value } from '../bson/value.ts';
import { int32 } from '../bson/decode.ts';
import { MongoError } from '../errors.ts';
import { mechanisms, proves, sign, type Credential, type Mechanism } from './credentials.ts';
import type { User, Users } from './users.ts';

const failed = (): MongoError => new MongoError('AuthenticationFailed', 'Authentication failed.');

/** A login that has begun: a proof of the password comes next. https://www.rfc-editor.org/rfc/rfc5802 */
export interface Conversation {
  readonly user: User | undefined;
  readonly credential: Credential | undefined;
  /** What both sides sign: all that was said, up to the client's last message. */
  readonly said: string;
  readonly nonce: string;
  readonly short: boolean;
  proven: boolean;
}

/** The reply to the first message, and what has to be kept for the next. */
export function beginLogin(users: Users, database: string, body: Doc): { conversation: Conversation; reply: Doc } {
  const mechanism = mechanismOf(body.get('mechanism'));
  const options = body.get('options');
  const { skipEmptyExchange = false } = options instanceof Doc ? readArguments('saslStart.options', options, { skipEmptyExchange: bool, payload: object }) : {};
  const message = textOf(body.get('payload'));
  const first = /^(?:n|y|p=[^,]*),(?:a=[^,]*)?,(.*)$/s.exec(message)?.[1];
  const fields = fieldsOf(first ?? '');
  const [name, clientNonce] = [fields.get('n'), fields.get('r')];
  if (first === undefined || name === undefined || !clientNonce) throw new MongoError('BadValue', 'Incorrect number of arguments for first SCRAM client message');
  const user = users.find(database, name.replaceAll('=2C', ',').replaceAll('=3D', '='));
  const credential = user?.credentials.find((known) => known.mechanism === mechanism);
  // MongoDB says at once that there is no such user, in the words it has for a wrong password.
  if (!credential) throw failed();
  const nonce = clientNonce + randomBytes(24).toString('base64');
  const answer = `r=${nonce},s=${credential.salt.toString('base64')},i=${credential.iterations}`;
  return { conversation: { user, credential, said: `${first},${answer}`, nonce, short: skipEmptyExchange, proven: false }, reply: replyOf(answer, false) };
}

/** The reply to a further message; `done` where the user has logged in. @throws MongoError AuthenticationFailed */
export function continueLogin(conversation: Conversation, body: Doc): { done: boolean; reply: Doc } {
  const { credential, nonce, said } = conversation;
  if (conversation.proven) return { done: true, reply: replyOf('', true) };
  const message = textOf(body.get('payload'));
  const fields = fieldsOf(message);
  const proof = fields.get('p');
  const without = message.slice(0, message.lastIndexOf(',p='));
  const signed = `${said},${without}`;
  if (!credential || proof === undefined || fields.get('r') !== nonce || !proves(credential, signed, Buffer.from(proof, 'base64'))) throw failed();
  conversation.proven = true;
  const verifier = sign(credential.mechanism, credential.serverKey, signed).toString('base64');
  return { done: conversation.short, reply: replyOf(`v=${verifier}`, conversation.short) };
}

function mechanismOf(value: Value | undefined): Mechanism {
  const known = mechanisms.find((mechanism) => mechanism === value);
  if (!known) throw new MongoError('MechanismUnavailable', `Received authentication for mechanism ${String(value)} which is unknown or not enabled`);
  return known;
}

function fieldsOf(message: string): Map<string, string> {
  return new Map(message.split(',').map((part) => [part.slice(0, 1), part.slice(2)]));
}

function textOf(payload: Value | undefined): string {
  if (payload instanceof Binary) return Buffer.from(payload.bytes).toString('utf8');
  if (typeof payload === 'string') return Buffer.from(payload, 'base64').toString('utf8');
  throw new MongoError('TypeMismatch', 'Wrong type for field (payload): it has to be binary data or a string');
}

const replyOf = (payload: string, done: boolean): Doc => Doc.of({ conversationId: int32(1), done, payload: new Binary(0, new Uint8Array(Buffer.from(payload, 'utf8'))) });
