import { correctAlerts, publishedAlerts, reasonsNow } from '../../../src/core/evaluation/correction/correct-alerts.ts';
import {
  advanceTo,
  applyEvent,
  arriveAt,
  openPartitionSet,
  takeAlerts,
} from '../../../src/core/evaluation/evaluate.ts';
import { projectEvent } from '../../../src/core/matching/projection.ts';
import { matchRule } from '../../../src/core/matching/rule-index.ts';
import { named } from '../../../src/core/alerts/envelope.ts';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { toEvent } from '../../../src/core/model/event/event.ts';
import { allAlerts, type PartitionSet } from '../../../src/core/partition-set/partition-set.ts';
import { isoTimeOrNull } from '../../../src/core/primitives/text/iso-time.ts';
import type { Arrival } from '../../reference/model.ts';
import type { Recording } from './play.ts';

export interface Played {
  /** Published at the boundary. */
  first: AlertEnvelope[];
  /** Published after it. */
  later: AlertEnvelope[];
  /** What fires at the boundary, as `first` should say it. */
  fires: { partition: unknown; startsAt: string | null; severity: string }[];
  /** The clock of the set at the boundary: `lateTolerance` before it. */
  clock: number;
  /** The set at the end. */
  set: PartitionSet;
}

/** Plays a recording twice up to a boundary: as a rule that has existed since the start, and as one with `backfill`. */
export function playBackfill(recording: Recording, boundaryMs: number): { old: Played; primed: Played } {
  return { old: playOne(recording, boundaryMs, false), primed: playOne(recording, boundaryMs, true) };
}

function playOne({ rule, start, until, arrivals }: Recording, boundaryMs: number, isPrimed: boolean): Played {
  let set = openPartitionSet({ rule, ruleVersion: 1, group: [], atMs: start });
  const nothing = publishedAlerts(set);
  const apply = ({ sequence, at, time, data }: Arrival): void => {
    const subject = `events.${rule.clientId}.status`;
    const event = toEvent({ subject, payload: { ...data, time }, sequence, storedAtMs: at });
    const match = matchRule({ rule: set.rule, stored: { rule, version: 1, storedAtMs: start } }, event);
    if (match !== undefined) applyEvent(set, projectEvent(set.rule, event));
  };
  // The clock of the stream may jump back: the first event at the boundary ends the past.
  const firstLater = arrivals.findIndex(({ at }) => at >= boundaryMs);
  const past = firstLater < 0 ? arrivals : arrivals.slice(0, firstLater);
  past.forEach(apply);
  arriveAt(set, boundaryMs);
  takeAlerts(set);
  const fires = allAlerts(set).flatMap(({ alert: { phase, since, severity }, partition }) =>
    phase === 'firing'
      ? [{ partition: named(set.rule.partitionBy, partition?.key), startsAt: isoTimeOrNull(since), severity }]
      : [],
  );
  const clock = set.state.now;
  if (isPrimed) set = correctAlerts(set, nothing, reasonsNow('cleared'));
  const first = takeAlerts(set);
  arrivals.slice(past.length).forEach(apply);
  advanceTo(set, until);
  return { first, later: takeAlerts(set), fires, clock, set };
}
