import { alertsBefore, correctAlerts } from '../../../src/core/evaluation/correction/correct-alerts.ts';
import { advanceTo, applyEvent, openPartitionSet, takeAlerts } from '../../../src/core/evaluation/evaluate.ts';
import { projectEvent } from '../../../src/core/matching/projection.ts';
import { matchRule } from '../../../src/core/matching/rule-index.ts';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { toEvent } from '../../../src/core/model/event/event.ts';
import type { PartitionSet } from '../../../src/core/partition-set/partition-set.ts';
import { streamTime } from '../../../src/core/partition-set/waiting-events.ts';
import type { Arrival } from '../../reference/model.ts';
import type { Recording } from './play.ts';

export interface Reset {
  /** The number of events before it. */
  after: number;
  /** Whether it comes at once, or shortly before the next event. */
  early: boolean;
}

/** Plays a recording with a reset: the set is rebuilt from its events so far, corrected, and continues. */
export function playReset(
  { rule, start, until, arrivals }: Recording,
  { after, early }: Reset,
): { alerts: AlertEnvelope[]; corrections: AlertEnvelope[] } {
  const open = (): PartitionSet => openPartitionSet({ rule, ruleVersion: 1, group: [], atMs: start });
  const apply = (set: PartitionSet, { sequence, at, time, data }: Arrival): void => {
    const subject = `events.${rule.clientId}.status`;
    const event = toEvent({ subject, payload: { ...data, time }, sequence, storedAtMs: at });
    const match = matchRule({ rule: set.rule, stored: { rule, version: 1, storedAtMs: start } }, event);
    if (match !== undefined) applyEvent(set, projectEvent(set.rule, event));
  };
  const old = open();
  for (const arrival of arrivals.slice(0, after)) apply(old, arrival);
  // The clock of the stream may jump back.
  const nextMs = Math.min(until, ...arrivals.slice(after).map(({ at }) => at));
  if (!early && nextMs - 1 > streamTime(old)) advanceTo(old, nextMs - 1);
  const alerts = takeAlerts(old);

  const before = alertsBefore(old);
  const rebuilt = open();
  for (const arrival of arrivals.slice(0, after)) apply(rebuilt, arrival);
  advanceTo(rebuilt, before.atMs);
  takeAlerts(rebuilt);
  const set = correctAlerts(rebuilt, before);
  const corrections = takeAlerts(set);
  for (const arrival of arrivals.slice(after)) apply(set, arrival);
  advanceTo(set, until);
  return { alerts: [...alerts, ...corrections, ...takeAlerts(set)], corrections };
}
