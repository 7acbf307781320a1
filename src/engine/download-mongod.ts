import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError, exitCodes } from '../errors.ts';

export interface Download {
  /** Where its archive comes from. */
  url: string;
  /** Where its program will be. */
  path: string;
  version: string;
  /**
   * Fetches and unpacks it. What was there before is replaced at the end, or stays.
   * @param tell bytes that have arrived, and how many there are
   * @throws UserError (exit code 3) where the network refuses, or what arrived is damaged
   */
  run(tell: (done: number, of: number) => void): Promise<void>;
}

/**
 * A download of the server that mongodb-memory-server takes, to its cache; its MONGOMS_… variables are respected.
 * @throws UserError (exit code 3) where MongoDB offers none for this system
 */
export async function planDownload(): Promise<Download> {
  // The library does not look at the server's certificate unless npm was told to, and this is a program that will be run.
  process.env.npm_config_strict_ssl ??= 'true';
  delete process.env.MONGOMS_SYSTEM_BINARY;
  const [{ DryMongoBinary, MongoBinary }, { MongoBinaryDownload }, { MongoBinaryDownloadUrl }] = await Promise.all([
    import('mongodb-memory-server-core'), import('mongodb-memory-server-core/lib/util/MongoBinaryDownload.js'), import('mongodb-memory-server-core/lib/util/MongoBinaryDownloadUrl.js'),
  ]);
  const plain = await DryMongoBinary.generateOptions();
  const options = { ...plain, platform: plain.platform as string, checkMD5: process.env.MONGOMS_MD5_CHECK !== '0' };
  const url = await new MongoBinaryDownloadUrl(options).getDownloadUrl().catch((error: Error) => {
    throw new UserError(`MongoDB offers no server for this system: ${error.message}.`, { exitCode: exitCodes.environment, cause: error, wayOut: byHand('https://www.mongodb.com/try/download/community') });
  });
  const path = DryMongoBinary.combineBinaryName(options.downloadDir, await DryMongoBinary.getBinaryName(options));
  const run = async (tell: (done: number, of: number) => void): Promise<void> => {
    // The library prints by itself; its words go to whoever asked instead.
    MongoBinaryDownload.prototype.printDownloadProgress = function printDownloadProgress({ length }): void {
      this.dlProgress.current += length;
      // Its checksum comes the same way.
      if (this.dlProgress.length > smallest) tell(this.dlProgress.current, this.dlProgress.length);
    };
    const kept = await setAside(path);
    try {
      await MongoBinary.download(options);
      await kept.forget();
    } catch (error) {
      const refusal = refusalOf(error as Error, url);
      if (refusal.damaged) await Promise.all([path, join(dirname(path), basename(new URL(url).pathname))].flatMap((file) => [file, `${file}.md5`, `${file}.downloading`]).map((file) => rm(file, { force: true })));
      await kept.restore();
      throw refusal.error;
    }
  };
  return { url, path, version: options.version, run };
}

/** Bytes; no server is smaller, packed or not. */
const smallest = 4096;

/** Moves what is there out of the way, for it to come back where nothing better takes its place. */
async function setAside(path: string): Promise<{ forget(): Promise<void>; restore(): Promise<void> }> {
  const files = [path, `${path}.md5`];
  const move = (from: string, to: string): Promise<void> => rename(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  for (const file of files) await move(file, `${file}.before`);
  return {
    forget: async () => { for (const file of files) await rm(`${file}.before`, { force: true }); },
    restore: async () => { for (const file of files) await move(`${file}.before`, file); },
  };
}

const reasons: Record<string, string> = {
  ENOTFOUND: 'its name is not known here', EAI_AGAIN: 'its name could not be looked up', ECONNREFUSED: 'the connection was refused', ECONNRESET: 'the connection was cut', aborted: 'the connection was cut',
  ETIMEDOUT: 'it did not answer in time', ENETUNREACH: 'there is no way to it', EHOSTUNREACH: 'there is no way to it', EPROTO: 'it does not speak TLS',
};
const systems = new Set(['ENOSPC', 'EACCES', 'EPERM', 'EROFS', 'EDQUOT', 'EMFILE', 'ENOTDIR']);

function refusalOf(error: Error & { code?: string }, url: string): { error: Error; damaged: boolean } {
  const { host } = new URL(url);
  const code = error.code ?? '';
  if (systems.has(code)) return { error: Object.assign(new Error(error.message, { cause: error }), { code }), damaged: false };
  const refuse = (sentence: string, damaged: boolean, first = ''): { error: Error; damaged: boolean } => ({
    error: new UserError(sentence, { exitCode: exitCodes.environment, cause: error, wayOut: first + byHand(url) }), damaged,
  });
  const status = /^Status: (\d+)$/.exec(code)?.[1];
  if (status !== undefined) return refuse(`${host} answered ${status} to the request for ${url}.`, false, status === '403' || status === '404' ? 'It may not have this version for this system.\n' : 'Something on the way may refuse it: a proxy, a firewall.\n');
  const isDamaged = error.constructor.name === 'Md5CheckFailedError' || error.constructor.name === 'GenericMMSError' || /^MongoBinaryDownload: |^Cannot find downloaded|^Z_/.test(error.message) || code.startsWith('Z_') || code === 'Invalid Content-Length';
  if (isDamaged) return refuse(`What came from ${host} is damaged, and was removed: ${firstLine(error)}`, true, 'A network that shows a page of its own in place of a download does that. Try it again elsewhere.\n');
  const why = reasons[code] ?? (/cert|SSL|TLS/i.test(`${code} ${error.message}`) ? `its certificate was not accepted (${code || firstLine(error)})` : lastLine(error));
  return refuse(`The network refuses: ${host} can't be reached, ${why}.`, false, 'Is there a way to the internet? Behind a proxy: HTTPS_PROXY=http://proxy.example:3128 npx mongo-course setup\n');
}

/** What to do without the download. */
const byHand = (url: string): string => [
  'You need none: everything in this course works with the embedded engine. To use a mongod all the same:',
  `  get ${url} in another way, unpack it, and set MONGOMS_SYSTEM_BINARY to its bin/mongod;`,
  '  or install MongoDB with your system\'s packages: a mongod on PATH is found;',
  '  or name a mirror that you can reach: MONGOMS_DOWNLOAD_MIRROR=https://…',
].join('\n');

const firstLine = (error: Error): string => error.message.split('\n')[0] as string;
const lastLine = (error: Error): string => (error.message.trim().split('\n').at(-1) as string).replace(/\.$/, '');
