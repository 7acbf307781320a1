import { homedir, tmpdir, userInfo } from 'node:os';
import type * as OsModule from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { cacheFolder, stateFolder } from '../../src/own-folders.ts';

vi.mock('node:os', async (original) => {
  const os = await original<typeof OsModule>();
  return { ...os, homedir: vi.fn(os.homedir) };
});

afterEach(() => vi.unstubAllEnvs());

describe.skipIf(process.platform === 'win32')('folders of a person', () => {
  test('are where XDG says, each in one of its own', () => {
    const env = { XDG_CACHE_HOME: '/tmp/cache', XDG_STATE_HOME: '/tmp/state' };
    expect([cacheFolder(env), stateFolder(env)]).toEqual(['/tmp/cache/mongo-course', '/tmp/state/mongo-course']);
  });

  test('are in the home folder, which no relative path takes them from', () => {
    expect(stateFolder({ XDG_STATE_HOME: 'here' })).toBe(join(homedir(), '.local', 'state', 'mongo-course'));
    expect(stateFolder({ XDG_STATE_HOME: '' })).toBe(join(homedir(), '.local', 'state', 'mongo-course'));
  });

  test('are never below the current folder, where HOME is empty too', () => {
    vi.stubEnv('HOME', '');
    expect(cacheFolder({})).toContain(userInfo().homedir);
  });

  test('are in the temporary folder for a user that the system does not know', () => {
    vi.mocked(homedir).mockImplementationOnce(() => {
      throw new Error('uv_os_homedir returned ENOENT');
    });
    expect(cacheFolder({})).toContain(join(tmpdir(), `home-${userInfo().uid}`));
  });
});
