import type { ProbeContext } from 'mongo-course/probe';

/** A function of views.ts, with the given database in front of its arguments. */
async function view({ load }: ProbeContext, name: string, ...args: unknown[]): Promise<any> {
  const [{ getMongoDatabase }, views] = await Promise.all([load('mongo'), load('views')]);
  return views[name](await getMongoDatabase(), ...args);
}

/** Gives the argument back too, as it is after the call. */
export async function insertLog(context: ProbeContext, input: object): Promise<unknown> {
  return { id: await view(context, 'insertLog', input), input };
}

export function findLogs(context: ProbeContext, source: string, ...options: unknown[]): Promise<unknown> {
  return view(context, 'findLogs', source, ...options);
}

export function findLog(context: ProbeContext, id: unknown): Promise<unknown> {
  return view(context, 'findLog', id);
}

export function markProcessed(context: ProbeContext, id: unknown, value: number): Promise<unknown> {
  return view(context, 'markProcessed', id, value);
}

export function deleteLog(context: ProbeContext, id: unknown): Promise<unknown> {
  return view(context, 'deleteLog', id);
}

/** Closes the given client, so that the next call has to connect. */
export async function disconnect({ load }: ProbeContext): Promise<void> {
  await (await load('mongo')).closeMongoClient();
}
