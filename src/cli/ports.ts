/** An event as the stream stored it. */
export interface ArchivedEvent {
  subject: string;
  sequence: number;
  /** Epoch ms. */
  storedAtMs: number;
  bytes: Uint8Array;
}

export interface ArchiveReading extends AsyncIterable<ArchivedEvent> {
  /** How many there are. */
  total: number;
  /** The stream's clock when the reading began, epoch ms. */
  atMs: number;
}

/** The events that the stream retains. */
export interface EventArchive {
  /** Those of these clients, from a moment on or all, oldest first; ends with the newest that was there at the beginning. */
  read(from: { sinceMs: number | undefined; clientIds: readonly string[] }): Promise<ArchiveReading>;
  close(): Promise<void>;
}

/** @throws VigilError NATS_UNREACHABLE, CONFIG_INVALID when the server has no event stream */
export type OpenArchive = (natsUrl: string) => Promise<EventArchive>;
