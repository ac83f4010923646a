import { streamTime } from '../../src/core/partition-set/waiting-events.ts';
import type { PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import { advanceTo, nextDeadline } from '../../src/core/evaluation/evaluate.ts';
import type { Faults } from './faults.ts';
import type { AlertOutbox } from '../alerts/alert-outbox.ts';

const STEP_MS = 60_000;

/**
 * Advances a set's clock to `untilMs` (epoch ms) in steps: a long gap may hold very many heartbeats, and old ones are
 * dropped as they come up. Returns false if the outbox is full before that; the rest must wait.
 */
export function catchUp(set: PartitionSet, untilMs: number, outbox: AlertOutbox, faults: Faults): boolean {
  for (let now = streamTime(set); now < untilMs;) {
    if (outbox.isFull()) return false;
    now = Math.min(untilMs, Math.max(now, nextDeadline(set) ?? untilMs) + STEP_MS);
    faults.guard(() => advanceTo(set, now));
    outbox.collect(set);
  }
  return true;
}

/** The same before an event after a long gap; the event itself handles a short one. */
export function catchUpBefore(
  set: PartitionSet,
  event: { at: number; seq: number },
  outbox: AlertOutbox,
  faults: Faults,
): boolean {
  // `mark`: stored name of the last applied sequence.
  const { mark } = set.state;
  return !(event.at - streamTime(set) > STEP_MS) || event.seq <= mark || catchUp(set, event.at - 1, outbox, faults);
}
