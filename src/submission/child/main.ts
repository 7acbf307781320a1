/**
 * The process in which a submission runs. It loads modules and calls functions when told, and returns what they return;
 * it decides nothing, and nothing it says is believed without proof from outside.
 */
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { decodeValue, describeError, encodeValue, type Revivers } from './codec.ts';
import { encodeFrame, FrameReader, mostFrameBytes } from './frames.ts';
import { openNetwork, type NetworkOrder } from './network.ts';
import { redirectDefaultPort } from './redirect.ts';

interface Boot {
  type: 'boot';
  folder: string;
  tapPort: number;
  probe: string | undefined;
  entry: string;
  network?: NetworkOrder;
}
type Order = Boot | { type: 'load'; id: number; module: string; main: boolean } | { type: 'call'; id: number; name: string; args: unknown[] } | { type: 'release' };

const channel = new Socket({ fd: 3, readable: true, writable: true });
const frames = new FrameReader();
const kept: unknown[] = [];
let boot: Boot | undefined;
let ready: Promise<void> = Promise.resolve();

channel.on('data', (chunk: Buffer) => {
  for (const order of frames.push(chunk)) void obey(order as Order);
});
channel.on('error', () => process.exit(0));
channel.on('end', () => process.exit(0));

async function obey(order: Order): Promise<void> {
  if (order.type === 'boot') {
    boot = order;
    if (order.network) ready = openNetwork(order.network);
    else redirectDefaultPort(order.tapPort);
    await ready;
    // From now on an end is the submission's doing.
    channel.write(encodeFrame({ ready: true }));
  } else if (order.type === 'release') {
    channel.unref();
  } else {
    await ready;
    await answer(order.id, () => (order.type === 'load' ? load(order.module, order.main).then(() => undefined) : call(order.name, order.args)));
  }
}

async function answer(id: number, work: () => Promise<unknown>): Promise<void> {
  let reply: Buffer;
  try {
    reply = encodeFrame({ id, ok: true, value: encodeValue(await work()) });
  } catch (error) {
    reply = encodeFrame({ id, ok: false, error: describeError(error) });
  }
  if (reply.length > mostFrameBytes) reply = encodeFrame({ id, ok: false, error: describeError(new Error('the value returned is too large to look at')) });
  channel.write(reply);
}

/** A module of the submission; of a CommonJS one, what it exports by name. */
async function load(module: string, main = false): Promise<Record<string, unknown>> {
  const path = join(boot?.folder ?? '', `${module.replace(/\.[mc]?[jt]s$/, '')}.js`);
  if (main) process.argv[1] = path;
  const loaded = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  const exported = loaded['module.exports'];
  return typeof exported === 'object' && exported !== null ? (exported as Record<string, unknown>) : loaded;
}

async function call(name: string, args: readonly unknown[]): Promise<unknown> {
  const values = args.map((arg) => decodeValue(arg, revivers));
  const probe = boot?.probe ? await load(boot.probe) : undefined;
  const stub = probe?.[name];
  if (typeof stub === 'function') return Reflect.apply(stub, undefined, [context, ...values]);
  const entry = await load(boot?.entry ?? '');
  const own = entry[name];
  if (typeof own !== 'function') throw new TypeError(`there is no exported function "${name}"`);
  return Reflect.apply(own, undefined, values);
}

const context = {
  load,
  keep(value: unknown): { $kept: number } {
    kept.push(value);
    return { $kept: kept.length - 1 };
  },
  kept: (token: unknown): unknown => kept[Number((token as { $kept?: unknown } | null)?.$kept)],
};

/** ObjectIds are of the driver's own class, which is loaded when the first one arrives; the rest of the driver is not. */
interface Driver {
  ObjectId: new (hex: string) => unknown;
  Long: { fromString(text: string): unknown };
  Decimal128: { fromString(text: string): unknown };
}
const driver = (): Driver => createRequire(createRequire(join(boot?.folder ?? '', 'x.js')).resolve('mongodb'))('bson') as Driver;
const revivers: Revivers = {
  objectId: (hex) => new (driver().ObjectId)(hex),
  long: (text) => driver().Long.fromString(text),
  decimal: (text) => driver().Decimal128.fromString(text),
};
