import { named } from '../../alerts/envelope.ts';
import type { CompiledRule } from '../../compilation/compile-rule.ts';
import type { AlertEnvelope } from '../../model/alert/alert.ts';
import { recordBits } from '../../model/id-text.ts';
import { newAlert, type AlertState, type PartitionState } from '../../model/partition-set/partition-set-state.ts';
import type { StreamAlert, StreamAlerts } from '../../model/alert/stream-alerts.ts';
import { allAlerts, type PartitionSet } from '../../partition-set/partition-set.ts';
import type { Scalar } from '../../primitives/value.ts';
import { readAlertId, tailOf, TRANSITIONS } from '../../alerts/stream-alert.ts';
import { correctAlerts, type PublishedAlerts } from './correct-alerts.ts';

/*
 * A set that has lost its state is rebuilt from the event stream, and compared with the alert stream: each alert whose
 * newest published transition comes up again is the same. Any other was published by a set that was in another state, and
 * the difference is published once the set is past what the alert stream has.
 */

/** Stored names. */
export interface AlertComparison extends Pick<StreamAlerts, 'untilMs' | 'generation' | 'ruleVersion'> {
  /** From here on, transitions of alerts that are the same may not be published yet. Epoch ms. */
  lostFromMs: number;
  /** By place. */
  alerts: Record<string, Compared>;
  /** Ids of the alerts that it had not published when it was where it is now, in order. */
  waiting?: string[];
}

/** An alert of the stream, or (without `id`) one that the stream does not have. */
export interface Compared extends Pick<StreamAlert, 'partition' | 'alert'> {
  id?: string;
  isSame: boolean;
}

/**
 * Compares a set that is at its start, or where it was at an earlier time, with what it has published since.
 * @param waiting ids of the alerts that it had not published at that time, in order
 */
export function compareWith(
  set: PartitionSet,
  { alerts, ...stream }: StreamAlerts,
  { lostWithinMs, waiting = [] }: { lostWithinMs: number; waiting?: readonly string[] },
): AlertComparison {
  const hasSameIds = set.state.generation === stream.generation;
  const lostFromMs = hasSameIds ? stream.untilMs - lostWithinMs : Number.MAX_SAFE_INTEGER;
  const comparison = { ...stream, lostFromMs, alerts: {}, ...(waiting.length > 0 && { waiting: [...waiting] }) };
  compareMore(set, comparison, alerts);
  return comparison;
}

/** Adds alerts of the stream, before the set takes any event. Those that it has already stay as they are. */
export function compareMore(set: PartitionSet, comparison: AlertComparison, alerts: readonly StreamAlert[]): void {
  const unpublished = new Map<string, string[]>();
  for (const id of comparison.waiting ?? [])
    unpublished.set(placeIn(set, id), [...(unpublished.get(placeIn(set, id)) ?? []), id]);
  const hasSameIds = set.state.generation === comparison.generation;
  const now = new Map(allAlerts(set).map((each) => [placeOf(set, each.partition), each.alert]));
  for (const { place, ...published } of alerts) {
    const alert = now.get(place);
    const isSame = hasSameIds && alert !== undefined && isWhereItWas(alert, published, unpublished.get(place) ?? []);
    comparison.alerts[place] ??= { ...published, isSame };
  }
}

/** Whether what was published of an alert leads to where it is, with what waits to be published. */
function isWhereItWas(
  alert: AlertState,
  { id, alert: last }: Pick<StreamAlert, 'id' | 'alert'>,
  waiting: readonly string[],
): boolean {
  const { episode, phase, changes } = alertOf({ alert: last });
  const fires = phase === 'firing';
  const first = readAlertId(waiting.find((each) => TRANSITIONS.has(readAlertId(each)?.status ?? 'limit')) ?? '');
  if (id !== '' && waiting.some((each) => tailOf(each) === tailOf(id))) return true;
  if (first !== null)
    return first.status === 'firing' ? !fires && first.episode === episode + 1 : fires && first.episode === episode;
  return alert.episode === episode && (alert.phase === 'firing') === fires && (!fires || alert.changes === changes);
}

/** Whether to publish an alert of the time that the stream covers: it was lost before it could be published. */
export function wasLost({ alerts, lostFromMs }: AlertComparison, setId: string, { id, data }: AlertEnvelope): boolean {
  if (!TRANSITIONS.has(data.status)) return false;
  const place = placeAfter(setId, id);
  const known = alerts[place];
  if (known?.id !== undefined && tailOf(known.id) === tailOf(id)) known.isSame = true;
  else if (Date.parse(data.evaluatedAt) >= lostFromMs) return known?.isSame ?? true;
  else if (known === undefined)
    alerts[place] = { partition: data.partition, alert: { severity: data.severity }, isSame: false };
  else known.isSame = false;
  return false;
}

/** The alerts that the stream has. For a set that publishes nothing now. */
export const publishedAt = ({ rule }: PartitionSet, { generation, alerts }: AlertComparison): PublishedAlerts => ({
  generation,
  alerts: Object.values(alerts).map((compared) => ({ ...keyOf(rule, compared), alert: alertOf(compared) })),
});

/**
 * Gives the alerts what people did about them, continues those that differ as they were published, and publishes the
 * difference. Call it when the set is past what the stream has. Returns the set to continue with.
 */
export function correctCompared(set: PartitionSet, { alerts, generation }: AlertComparison): PartitionSet {
  const gone = new Map(Object.entries(alerts));
  const before = allAlerts(set).map(({ alert, partition }) => {
    const place = placeOf(set, partition);
    const published = gone.get(place);
    gone.delete(place);
    const old = published?.isSame === false ? alertOf(published) : withMarks(alert, published?.alert);
    return { ...(partition && { key: partition.key }), alert: old };
  });
  // Partitions that the rebuilt set has not met. Those by other properties have ended with their version of the rule.
  const { partitionBy } = set.rule;
  const isOfRule = ({ partition }: Compared): boolean => partitionBy.every((name) => Object.hasOwn(partition, name));
  for (const compared of set.rule.each ? [...gone.values()].filter(isOfRule) : [])
    before.push({ ...keyOf(set.rule, compared), alert: alertOf(compared) });
  return correctAlerts(set, { generation, alerts: before });
}

const keyOf = ({ each, partitionBy }: CompiledRule, { partition }: Compared): { key?: Scalar[] } =>
  each ? { key: partitionBy.map((name) => partition[name] ?? null) } : {};

/** Earlier builds have stored all fields. */
const alertOf = ({ alert }: Pick<Compared, 'alert'>): AlertState => ({ ...newAlert(alert.severity), ...alert });

/** A copy of an alert that was published as it is, with what people did about it. */
function withMarks(alert: AlertState, published: Compared['alert'] | undefined): AlertState {
  const { acknowledged, snoozed, actedAt } = published ?? {};
  return {
    ...alert,
    ...(acknowledged !== undefined && alert.episode === published?.episode && { acknowledged }),
    ...(snoozed !== undefined && { snoozed }),
    ...(actedAt !== undefined && { actedAt }),
  };
}

const placeOf = ({ rule }: PartitionSet, partition: PartitionState | undefined): string =>
  partition === undefined ? '' : recordBits(named(rule.partitionBy, partition.key));

const placeIn = ({ rule, state }: PartitionSet, id: string): string => placeAfter(rule.ids.of(state.group), id);

const placeAfter = (setId: string, id: string): string => (readAlertId(id)?.whose ?? '').slice(setId.length + 1);
