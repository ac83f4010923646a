import proto from '@temporalio/proto';

const { History } = proto.temporal.api.history.v1;
export type History = Parameters<typeof History.toObject>[0];

/** Fields with machine-specific values that a replay does not need. */
const PRIVATE = new Set(['identity', 'stackTrace']);

/** A history as JSON that is readable in a diff. */
export function historyToText(history: proto.temporal.api.history.v1.IHistory): string {
  const readable = History.toObject(History.fromObject(history), { longs: String, enums: String, bytes: String });
  return `${JSON.stringify(readable, (key, value: unknown) => (PRIVATE.has(key) ? '' : value), 1)}\n`;
}

export const historyFromText = (text: string): History =>
  History.fromObject(JSON.parse(text) as Record<string, unknown>);
