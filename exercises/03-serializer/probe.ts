import type { ProbeContext } from 'mongo-course/probe';

interface Report {
  result: unknown;
  /** The result was a promise. */
  promised: boolean;
  /** What was passed, as it is after the call. */
  after: unknown;
}

async function report({ load }: ProbeContext, name: string, given: unknown, ...more: unknown[]): Promise<Report> {
  const serializer = await load('serializer');
  const result = serializer[name](given, ...more);
  return { result: await result, promised: typeof result?.then === 'function', after: given };
}

export function deserialize(context: ProbeContext, input: unknown, ...options: unknown[]): Promise<Report> {
  return report(context, 'deserialize', input, ...options);
}

/** As a server gets it: parsed from JSON, so that `__proto__` is a key like any other. Tells what is inherited, too. */
export async function deserializeJson(context: ProbeContext, text: string, ...options: unknown[]): Promise<Report & { inherited: unknown; polluted: unknown }> {
  const told = await report(context, 'deserialize', JSON.parse(text), ...options);
  const value = (told.result as { value?: unknown } | null)?.value;
  return { ...told, inherited: (value as { polluted?: unknown } | undefined)?.polluted, polluted: ({} as Record<string, unknown>).polluted };
}

export function serialize(context: ProbeContext, doc: unknown): Promise<Report> {
  return report(context, 'serialize', doc);
}

export function serializeMany(context: ProbeContext, docs: unknown): Promise<Report> {
  return report(context, 'serializeMany', docs);
}
