import proto from '@temporalio/proto';

const { History } = proto.temporal.api.history.v1;
export type History = Parameters<typeof History.toObject>[0];

/** What tells of the machine that recorded, and has no part in a replay. */
const PRIVATE = new Set(['identity', 'stackTrace']);

/** A history as text that reads well in a diff. */
export function historyToText(history: proto.temporal.api.history.v1.IHistory): string {
  const readable = History.toObject(History.fromObject(history), { longs: String, enums: String, bytes: String });
  return `${JSON.stringify(readable, (key, value: unknown) => (PRIVATE.has(key) ? '' : value), 1)}\n`;
}

export const historyFromText = (text: string): History =>
  History.fromObject(JSON.parse(text) as Record<string, unknown>);
