import type { CloudEventHeaders } from '../core/model/event/cloud-event.ts';

/** An event as the stream stored it. */
export interface ArchivedEvent {
  subject: string;
  sequence: number;
  /** Epoch ms. */
  storedAtMs: number;
  bytes: Uint8Array;
  /** Absent if the headers say nothing of CloudEvents. */
  cloudEvent?: CloudEventHeaders;
  /** An earlier event with the same id counts instead. */
  isRepetition?: boolean;
}

export interface ArchiveReading extends AsyncIterable<ArchivedEvent> {
  /** Number of events. */
  total: number;
  /** The stream's clock at the start of the reading, epoch ms. */
  atMs: number;
}

/** Read access to the event stream. */
export interface EventArchive {
  /**
   * The events of these clients, oldest first, from `sinceMs` on; ends at the newest event at the start of the reading.
   */
  read(from: { sinceMs: number | undefined; clientIds: readonly string[] }): Promise<ArchiveReading>;
  close(): Promise<void>;
}

/** @throws VigilError NATS_UNREACHABLE, CONFIG_INVALID if the server has no event stream */
export type OpenArchive = (natsUrl: string, eventId?: string) => Promise<EventArchive>;
