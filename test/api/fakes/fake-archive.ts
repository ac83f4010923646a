import type { EventArchivePort } from '../../../src/api/ports/events.ts';
import type { StoredEvent } from '../../../src/core/model/event/stored-event.ts';

const MINUTE_MS = 60_000;

export interface FakeArchive {
  port: EventArchivePort;
  events: StoredEvent[];
  /** What was asked. */
  readings: Parameters<EventArchivePort['read']>[0][];
  /** Readings that run. */
  open(): number;
  /** Stores an event, by default 10 minutes ago. */
  store(clientId: string, type: string, data: object, agoMs?: number): void;
  /** Awaited before each event. */
  gate: () => Promise<void>;
}

/** An event stream in memory. */
export function fakeArchive(): FakeArchive {
  const events: StoredEvent[] = [];
  const readings: FakeArchive['readings'] = [];
  let open = 0;
  async function* reading(found: StoredEvent[]): AsyncGenerator<StoredEvent> {
    open += 1;
    try {
      for (const event of found) {
        await archive.gate();
        yield event;
      }
    } finally {
      open -= 1;
    }
  }
  const archive: FakeArchive = {
    events,
    readings,
    open: () => open,
    store(clientId, type, data, agoMs = 10 * MINUTE_MS) {
      const bytes = new TextEncoder().encode(JSON.stringify(data));
      const sequence = events.length + 1;
      events.push({ subject: `events.${clientId}.${type}`, sequence, storedAtMs: Date.now() - agoMs, bytes });
    },
    gate: async () => undefined,
    port: {
      async read(from) {
        readings.push(from);
        const isOf = ({ subject, storedAtMs }: StoredEvent): boolean =>
          storedAtMs >= from.sinceMs && from.clientIds.some((id) => subject.startsWith(`events.${id}.`));
        const found = events.filter(isOf);
        return { total: found.length, atMs: Date.now(), [Symbol.asyncIterator]: () => reading(found) };
      },
      newest: async (clientId) => events.filter(({ subject }) => subject.startsWith(`events.${clientId}.`)),
      extent: async () => ({ first: events[0]?.sequence ?? 1, firstAtMs: events[0]?.storedAtMs ?? NaN }),
    },
  };
  return archive;
}
