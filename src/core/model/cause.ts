import type { CeaseReason } from './alert.ts';
import type { PartitionState } from './partition-set-state.ts';

/**
 * Why the evaluator judges now: an event or a deadline, with its time, and the reason to give if the condition has
 * stopped.
 */
export interface Cause {
  at: number;
  ceased: CeaseReason;
  /** A deadline: all events up to its time are applied. Only the clock decides what depends on time alone. */
  byClock: boolean;
  /** The partition that the event or expiry belongs to. */
  causedBy?: PartitionState | undefined;
}
