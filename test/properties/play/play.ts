import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { toEvent } from '../../../src/core/model/event/event.ts';
import { projectEvent } from '../../../src/core/matching/projection.ts';
import { matchRule } from '../../../src/core/matching/rule-index.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import type { PartitionSetState } from '../../../src/core/model/partition-set/partition-set-state.ts';
import {
  advanceTo,
  applyEvent,
  openPartitionSet,
  resumePartitionSet,
  takeAlerts,
} from '../../../src/core/evaluation/evaluate.ts';
import { streamTime } from '../../../src/core/partition-set/waiting-events.ts';
import { nextRunOf } from '../../support/evaluation/next-run.ts';
import type { Arrival, Transition } from '../../reference/model.ts';

export interface Recording {
  rule: Rule;
  start: number;
  until: number;
  arrivals: Arrival[];
}

/**
 * What may happen between two events without any effect: the clock advances (percent of the way), and the state passes
 * to a next run.
 */
export interface Interruption {
  advance?: number | undefined;
  restore: boolean;
}

export interface Played {
  alerts: AlertEnvelope[];
  state: PartitionSetState;
}

/** Plays a recording through the core. `watch` sees the state after every step. */
export function play(
  { rule, start, until, arrivals }: Recording,
  interruptions: readonly Interruption[] = [],
  watch?: (state: PartitionSetState) => void,
): Played {
  let set = openPartitionSet({ rule, ruleVersion: 1, group: [], atMs: start });
  const alerts: AlertEnvelope[] = [];
  let clock = start;
  const collect = (): void => {
    alerts.push(...takeAlerts(set));
    watch?.(set.state);
  };
  const interrupt = ({ advance, restore }: Interruption, limit: number): void => {
    if (restore) set = resumePartitionSet(rule, nextRunOf(set.state));
    // Never up to the next event's time: that would claim that no event of this moment is in flight.
    const from = streamTime(set);
    if (advance !== undefined && limit > from) advanceTo(set, from + Math.floor(((limit - from) * advance) / 100));
    collect();
  };

  collect();
  arrivals.forEach(({ sequence, at, time, data }, index) => {
    const event = toEvent({
      subject: `events.${rule.clientId}.status`,
      payload: { ...data, time },
      sequence,
      storedAtMs: at,
    });
    const wanted = matchRule({ rule: set.rule, stored: { rule, version: 1, storedAtMs: start } }, event) !== undefined;
    if (wanted) clock = Math.max(clock, at);
    const interruption = interruptions[index];
    if (interruption !== undefined) interrupt(interruption, clock - 1);
    if (wanted) applyEvent(set, projectEvent(set.rule, event));
    collect();
  });
  interrupt(interruptions[arrivals.length] ?? { restore: false }, until - 1);
  advanceTo(set, until);
  collect();
  return { alerts, state: set.state };
}

const ms = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso));

/** An alert in the form of the reference. */
export function transitionOf({ data }: AlertEnvelope): Transition {
  const { partition, episode, status, reason, state, severity, startsAt, endsAt, evaluatedAt, evidence } = data;
  const isOwn = Object.keys(partition).length > 0;
  return {
    at: Date.parse(evaluatedAt),
    partition,
    episode,
    status,
    reason,
    state,
    severity,
    startsAt: ms(startsAt),
    endsAt: ms(endsAt),
    ...(isOwn &&
      status === 'firing' &&
      reason === 'condition' && { isKnown: (evidence.items[0]?.value ?? null) !== null }),
  };
}

/**
 * At one moment, the order of partitions is arbitrary, and so is whether the heartbeat is last: sorted by both, keeping
 * each partition's own order.
 */
export function inOrder(transitions: readonly Transition[]): Transition[] {
  const place = ({ partition, status }: Transition): string =>
    `${JSON.stringify(partition)} ${status === 'heartbeat' ? 2 : 1}`;
  return transitions.toSorted((a, b) => a.at - b.at || (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0));
}
