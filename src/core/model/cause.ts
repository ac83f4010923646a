import type { CeaseReason } from './alert.ts';
import type { PartitionState } from './partition-set-state.ts';

/** Why it is judged now: an event or a deadline, with its own time, and what to say if the condition has ceased. */
export interface Cause {
  at: number;
  ceased: CeaseReason;
  /** A deadline: all events of this moment have been seen. What only time brings about, only the clock may decide. */
  byClock: boolean;
  /** The partition whose event or expiry it is. */
  causedBy?: PartitionState | undefined;
}
