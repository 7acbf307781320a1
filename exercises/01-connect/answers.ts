import type { Attempt, CheckContext, Failure, Program } from 'mongo-course/checker';

/** What the probe tells of a client. */
export interface ClientAnswer {
  kind: string;
  client: unknown;
}

/** Gets a client, or fails the check with what came in its place. */
export async function getClient(t: CheckContext, program: Program): Promise<unknown> {
  const answer = (await program.call('getMongoClient')) as ClientAnswer;
  if (answer.kind !== 'client') t.fail(noClient(answer.kind));
  return answer.client;
}

/** Says what is wrong with something that is no client. */
export function noClient(kind: string): Failure {
  const nothing = kind === 'null' || kind === 'undefined';
  return {
    message: nothing
      ? `getMongoClient() resolved to ${kind}. The server is up, so there should be a client.`
      : `getMongoClient() resolved to ${kind === 'database' ? 'a database' : `something else (${kind})`}, not to a MongoClient.`,
    cause: nothing ? `resolves to ${kind} although the server is up` : 'resolves to something that is no client', expected: 'a MongoClient', actual: kind,
    hint: kind === 'undefined' ? 'Is there a return on every way through the function?' : 'Return the client that you made with new MongoClient(uri).',
  };
}

/** The tap's URI with an application name, by which a client can be told on the wire. */
export function uriNamed(t: CheckContext, name: string): string {
  return `${t.env.MONGO_URI}${t.env.MONGO_URI.includes('?') ? '&' : '?'}appName=${name}`;
}

/** The application names of the clients that came after `since`; empty for one without a name. */
export function applicationNames(t: CheckContext, since: number): string[] {
  return t.tap.clients({ since }).map(({ metadata }) => String((metadata.application as { name?: unknown } | undefined)?.name ?? ''));
}

/** What an attempt came to, in words. */
export function told(attempt: Attempt): string {
  const seconds = `${(attempt.ms / 1000).toFixed(1)} s`;
  if (attempt.hung) return `nothing for ${seconds}`;
  if (attempt.ok) return `resolved after ${seconds}`;
  return `${attempt.error?.isError ? attempt.error.name : 'something that is no Error'} after ${seconds}: ${(attempt.error?.message ?? '').split('\n')[0]}`;
}
