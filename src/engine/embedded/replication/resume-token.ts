import { Doc, Timestamp } from '../bson/value.ts';
import { MongoError } from '../errors.ts';

/** What a token stands behind: an event, an invalidation, or only a time. */
export type TokenKind = 'time' | 'event' | 'invalidate';

const kinds: readonly TokenKind[] = ['time', 'event', 'invalidate'];

/** Where a change stream is: `{ _data: '82…' }`, whose text sorts as the changes do. */
export function resumeToken(time: Timestamp, kind: TokenKind): Doc {
  const hex = (value: number): string => value.toString(16).toUpperCase().padStart(8, '0');
  return Doc.of({ _data: `82${hex(time.t)}${hex(time.i)}0${kinds.indexOf(kind)}` });
}

/** @throws MongoError where it is none of ours */
export function readToken(token: Doc): { time: Timestamp; kind: TokenKind } {
  const data = token.get('_data');
  if (typeof data !== 'string') throw new MongoError(40647, `Bad resume token: _data of missing or of wrong type`);
  const match = /^82([0-9A-F]{8})([0-9A-F]{8})0([012])$/.exec(data);
  if (!match) throw new MongoError('InvalidResumeToken', `Bad resume token: ${data} is not one of this server`);
  return { time: new Timestamp(Number.parseInt(match[1] as string, 16), Number.parseInt(match[2] as string, 16)), kind: kinds[Number(match[3])] as TokenKind };
}
