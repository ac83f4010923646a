import {
  compareWith,
  correctCompared,
  wasLost,
  type AlertComparison,
} from '../../../src/core/evaluation/correction/compare-published.ts';
import { alertStateOf, tailOf } from '../../../src/core/alerts/stream-alert.ts';
import { advanceTo, applyEvent, openPartitionSet, takeAlerts } from '../../../src/core/evaluation/evaluate.ts';
import { projectEvent } from '../../../src/core/matching/projection.ts';
import { matchRule } from '../../../src/core/matching/rule-index.ts';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { toEvent } from '../../../src/core/model/event/event.ts';
import type { StreamAlerts } from '../../../src/core/model/alert/stream-alerts.ts';
import { NewestAlerts } from '../../../src/nats/alerts/newest-alerts.ts';
import type { Recording } from './play.ts';

/** What the alert stream has of a set that has published these alerts. */
export function streamAlertsOf(setId: string, published: readonly AlertEnvelope[]): StreamAlerts | undefined {
  const newest = new NewestAlerts(new Set([setId]));
  published.forEach(({ id }, at) => newest.add(id, at));
  const ofSet = newest.bySet.get(setId);
  if (ofSet === undefined) return undefined;
  const dataOf = (sequence: number): AlertEnvelope['data'] => (published[sequence] as AlertEnvelope).data;
  const alerts = [...ofSet.places].map(([place, each]) => {
    const data = dataOf(each.sequence);
    return { place, partition: data.partition, id: tailOf(each.id), alert: alertStateOf(data, each) };
  });
  const { evaluatedAt, ruleVersion } = dataOf(ofSet.sequence);
  return { untilMs: Date.parse(evaluatedAt), generation: ofSet.generation, ruleVersion, alerts };
}

/** Whether a set publishes an alert while it is compared. */
export const isUnpublished = (comparison: AlertComparison | undefined, setId: string, alert: AlertEnvelope): boolean =>
  comparison === undefined ||
  Date.parse(alert.data.evaluatedAt) > comparison.untilMs ||
  wasLost(comparison, setId, alert);

/** What a set publishes that has published these alerts, and then loses its state: it is rebuilt from all its events. */
export function playLoss(
  { rule, start, until, arrivals }: Recording,
  published: readonly AlertEnvelope[],
): AlertEnvelope[] {
  let set = openPartitionSet({ rule, ruleVersion: 1, group: [], atMs: start });
  const setId = set.rule.ids.of([]);
  const stream = streamAlertsOf(setId, published);
  let comparison = stream && compareWith(set, stream, { lostWithinMs: 0 });
  const alerts: AlertEnvelope[] = [];
  const collect = (): void => {
    alerts.push(...takeAlerts(set).filter((alert) => isUnpublished(comparison, setId, alert)));
  };
  const correctBefore = (atMs: number): void => {
    if (comparison === undefined) return;
    const untilMs = comparison.untilMs + set.rule.lateToleranceMs;
    if (atMs <= untilMs) return;
    advanceTo(set, untilMs);
    collect();
    set = correctCompared(set, comparison);
    comparison = undefined;
    collect();
  };
  for (const { sequence, at, time, data } of arrivals) {
    const subject = `events.${rule.clientId}.status`;
    const event = toEvent({ subject, payload: { ...data, time }, sequence, storedAtMs: at });
    if (matchRule({ rule: set.rule, stored: { rule, version: 1, storedAtMs: start } }, event) === undefined) continue;
    correctBefore(at);
    applyEvent(set, projectEvent(set.rule, event));
    collect();
  }
  correctBefore(Infinity);
  advanceTo(set, until);
  collect();
  return alerts;
}
