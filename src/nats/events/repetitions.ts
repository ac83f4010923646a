import { createHash } from 'node:crypto';
import { SeenIds } from '../../core/matching/seen-ids.ts';
import { EVENT_ID_WINDOW_MS, idReader, idTraces } from '../../core/model/event/event-id.ts';
import { eventOf } from '../../core/model/event/stored-event.ts';
import { parseJson } from '../../core/primitives/text/parse-json.ts';
import type { LogMessage } from '../../ingest/ports.ts';

/** The events of a client stored from a time (epoch ms) on, up to the newest one now. */
export type ReadBack = (clientId: string, fromMs: number) => AsyncIterable<LogMessage[]>;

/** Clients whose earlier events are read at the same time. */
const READ_AT_ONCE = 16;
/** Ids of all clients that one reading remembers. Beyond it, clients are forgotten, and their events read again. */
const MOST_IDS = 500_000;
/** Bytes of SHA-256 that are kept of an id. */
const DIGEST_BYTES = 16;

interface Identified {
  message: LogMessage;
  clientId: string;
  id: string;
}

/**
 * Marks the repetitions in one reading of the event stream. The ids of a client are read from the stream, one window
 * back, when the reading meets its first event with one; so nothing is stored, and every reading marks the same.
 */
export class Repetitions {
  private readonly clients = new Map<string, SeenIds>();
  private ids = 0;
  private readonly readBack: ReadBack;
  private readonly idOf: (message: LogMessage) => Identified | undefined;

  /** @param property see VIGIL_EVENT_ID */
  constructor(property: string | undefined, readBack: ReadBack) {
    this.readBack = readBack;
    this.idOf = identify(property);
  }

  /** Marks those of a batch; batches come in the order of the stream. Rejects if the stream does not answer. */
  async mark(batch: readonly LogMessage[]): Promise<void> {
    const identified = batch.flatMap((message) => this.idOf(message) ?? []);
    const newest = batch.at(-1);
    if (identified.length === 0 || newest === undefined) return;
    const firsts = new Map<string, LogMessage>();
    for (const { clientId, message } of identified)
      if (!this.clients.has(clientId) && !firsts.has(clientId)) firsts.set(clientId, message);
    const unknown = [...firsts];
    for (let next = 0; next < unknown.length; next += READ_AT_ONCE)
      await Promise.all(
        unknown.slice(next, next + READ_AT_ONCE).map(async ([clientId, first]) => {
          this.clients.set(clientId, await this.seenBefore(clientId, first));
        }),
      );
    for (const { clientId, message, id } of identified) {
      const isSeen = this.clients.get(clientId)?.see(id, message.storedAtMs) === true;
      if (isSeen && message.isFirstCount !== true) message.isRepetition = true;
    }
    this.ids += identified.length;
    if (this.ids > MOST_IDS) this.forget(newest.storedAtMs);
  }

  /** The ids of a client that the stream has before its event. */
  private async seenBefore(clientId: string, first: LogMessage): Promise<SeenIds> {
    const seen = new SeenIds();
    for await (const batch of this.readBack(clientId, first.storedAtMs - EVENT_ID_WINDOW_MS)) {
      for (const message of batch) {
        if (message.sequence >= first.sequence) return seen;
        const id = this.idOf(message)?.id;
        if (id !== undefined) seen.see(id, message.storedAtMs);
      }
    }
    return seen;
  }

  /** Counts what is remembered, and forgets clients while it is too much. */
  private forget(nowMs: number): void {
    this.ids = 0;
    for (const [clientId, seen] of this.clients) {
      seen.forget(nowMs);
      this.ids += seen.size;
      if (seen.size === 0 || this.ids > MOST_IDS / 2) {
        this.ids -= seen.size;
        this.clients.delete(clientId);
      }
    }
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The id of a valid event: one that is invalid counts nowhere, and is sent again corrected. */
function identify(property: string | undefined): (message: LogMessage) => Identified | undefined {
  const idOf = idReader(property);
  // Most events have no id, and are not decoded for it.
  const traces = idTraces(property);
  const mayHaveId = ({ cloudEvent, bytes }: LogMessage): boolean => {
    if (cloudEvent !== undefined) return true;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    return traces.some((trace) => text.includes(trace));
  };
  return (message) => {
    if (!mayHaveId(message)) return undefined;
    try {
      const event = eventOf(message, parseJson(decoder.decode(message.bytes)));
      const id = idOf(event);
      return id === undefined ? undefined : { message, clientId: event.clientId, id: digest(id) };
    } catch {
      // It becomes a dead letter.
      return undefined;
    }
  };
}

const digest = (id: string): string => createHash('sha256').update(id).digest().toString('latin1', 0, DIGEST_BYTES);
