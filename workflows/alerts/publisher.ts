import type { AlertOutbox } from './alert-outbox.ts';

/** What publishes the alerts of a run, and what it may ask. */
export interface Publisher {
  outbox: AlertOutbox;
  /** Number in flight. */
  activities: number;
  /** How much later than `evaluatedAt` alerts are due, in ms. */
  readonly lateToleranceMs: number;
  /** Whether alerts may be published now. */
  mayPublish(): boolean;
  /** Whether the current workflow task has applied an update. */
  readonly hasUpdateInTask: () => boolean;
  /** Called when alerts were published. */
  published(): void;
}
