import { Doc, Timestamp } from '../bson/value.ts';
import { MongoError } from '../errors.ts';

/** What a token stands behind: an event, an invalidation, or only a time. */
export type TokenKind = 'time' | 'event' | 'invalidate';

const kinds: readonly TokenKind[] = ['time', 'event', 'invalidate'];

/**
 * Where a change stream is: `{ _data: '82…' }`, whose text sorts as the changes do.
 * @param fragment of an event that was split, counted from 0
 */
export function resumeToken(time: Timestamp, kind: TokenKind, fragment?: number): Doc {
  const hex = (value: number): string => value.toString(16).toUpperCase().padStart(8, '0');
  return Doc.of({ _data: `82${hex(time.t)}${hex(time.i)}0${kinds.indexOf(kind)}${fragment === undefined ? '' : hex(fragment)}` });
}

/** What a token says. */
export interface ResumePoint {
  time: Timestamp;
  kind: TokenKind;
  /** The last fragment that was had of an event that was split. */
  fragment: number | undefined;
}

/** @throws MongoError where it is none of ours */
export function readToken(token: Doc): ResumePoint {
  const data = token.get('_data');
  if (typeof data !== 'string') throw new MongoError(40647, `Bad resume token: _data of missing or of wrong type`);
  const match = /^82([0-9A-F]{8})([0-9A-F]{8})0([012])([0-9A-F]{8})?$/.exec(data);
  if (!match) throw new MongoError('InvalidResumeToken', `Bad resume token: ${data} is not one of this server`);
  const [, t = '', i = '', kind, fragment] = match;
  return {
    time: new Timestamp(Number.parseInt(t, 16), Number.parseInt(i, 16)), kind: kinds[Number(kind)] as TokenKind,
    fragment: fragment === undefined ? undefined : Number.parseInt(fragment, 16),
  };
}
