import type { StoredEvent } from '../core/model/event/stored-event.ts';

export interface ArchiveReading extends AsyncIterable<StoredEvent> {
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
