import type { CloudEventHeaders } from '../../core/model/event/cloud-event.ts';
import type { DeadLetterSummary } from '../schemas/dead-letters.ts';

export type { DeadLetterSummary };

export interface DeadLetter extends DeadLetterSummary {
  /** The original bytes of the event; only the first part if `isWhole` is false. */
  payload: Uint8Array;
  isWhole: boolean;
  /** What the headers of the event say of CloudEvents. */
  cloudEvent?: CloudEventHeaders;
}

/** Every method @throws VigilError NATS_UNREACHABLE */
export interface DeadLetterStorePort {
  /** Newest first. Pass `next` as `before` to get the next page; null on the last page. */
  list(query: {
    clientId?: string | undefined;
    reason?: string | undefined;
    limit: number;
    before?: number | undefined;
  }): Promise<{ deadLetters: DeadLetterSummary[]; next: number | null }>;
  get(sequence: number): Promise<DeadLetter | null>;
  /**
   * Publishes the event, then drops the dead letter. The stream stores a repeated replay within its duplicate window
   * once.
   */
  replay(
    deadLetter: DeadLetterSummary,
    event: { subject: string; payload: Uint8Array; cloudEvent?: CloudEventHeaders | undefined },
  ): Promise<{ sequence: number }>;
  /** Returns false if the dead letter did not exist. */
  drop(sequence: number): Promise<boolean>;
}
