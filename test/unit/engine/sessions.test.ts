import { expect, it } from 'vitest';
import { Sessions, sessionMinutes } from '../../../src/engine/embedded/sessions.ts';

it('a session that nobody has used for half an hour is forgotten', () => {
  const sessions = new Sessions();
  sessions.touch('a');
  const now = performance.now();
  sessions.expire(now + (sessionMinutes - 1) * 60_000);
  expect(sessions.size).toBe(1);
  sessions.expire(now + (sessionMinutes + 1) * 60_000);
  expect(sessions.size).toBe(0);
});
