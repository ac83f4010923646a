import type { CeaseReason } from './alert.ts';
import type { PartitionState } from '../partition-set/partition-set-state.ts';

/**
 * Why the evaluator judges now: an event or a deadline, with its time, and the reason to give if the condition has
 * stopped.
 */
export interface Cause {
  at: number;
  ceased: CeaseReason;
  /** A deadline: all events up to its time are applied. Only the clock decides what depends on time alone. */
  byClock: boolean;
  /** When the event arrived. What it makes overdue is decided no earlier. */
  arrivedAt?: number | undefined;
  /** Whether events prove what is overdue; absent: they do. Asked only when it matters. */
  mayProve?: (() => boolean) | undefined;
  /** Stream sequence of an event that had to wait; absent: it is the newest. */
  sequence?: number | undefined;
  /** Where the event belongs in the order of the set, if that is before its clock. */
  position?: number | undefined;
  /** The partition that the event or expiry belongs to. */
  causedBy?: PartitionState | undefined;
}
