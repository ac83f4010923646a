import Mustache from 'mustache';
import type { AlertData, AlertReason, AlertStatus, EvidenceItem, Scalar } from './alert.ts';
import { scalarBits } from './ids.ts';
import { LIMITS } from './limits.ts';
import { aggregate } from './aggregate.ts';
import { Crowd, type Holders } from './crowd.ts';
import type { LiveSet } from './live-set.ts';
import { partitionKey } from './members.ts';
import type { AlertState, PartitionState } from './state.ts';
import { asSample } from './stores.ts';
import { showValue } from './value.ts';

/** What is said of one alert: the set's own, or with `each` one partition's. */
export interface Announcement {
  status: AlertStatus;
  reason: AlertReason;
  startsAt: number | null;
  endsAt: number | null;
  alert: AlertState;
  /** The cap that was reached (`limit`). */
  limit?: string;
  /** Says what else there is to say; else the rule's message. */
  text?: string;
  /** The partition whose alert it is (`each`). */
  partition?: PartitionState;
  /** The partition whose event or expiry brought it about. */
  causedBy?: PartitionState | undefined;
}

/** Writes the alert and puts it into the set's outbox. */
export function announce(set: LiveSet, what: Announcement): void {
  const { rule, state } = set;
  const partition = named(rule.partitionBy, what.partition?.key);
  const data: AlertData = {
    clientId: rule.rule.clientId,
    ruleId: rule.rule.id,
    ruleVersion: state.ruleVersion,
    group: named(rule.rule.groupBy ?? [], state.group),
    partition,
    episode: what.alert.episode,
    status: what.status,
    reason: what.reason,
    state: what.alert.phase,
    severity: what.alert.severity,
    startsAt: isoTime(what.startsAt),
    endsAt: isoTime(what.endsAt),
    evaluatedAt: new Date(state.now).toISOString(),
    message: '',
    labels: rule.rule.labels ?? {},
    evidence: evidence(set, what),
  };
  data.message = what.text ?? message(set, data);
  const traceparent = traceOf(set, what);
  set.out.push({
    specversion: '1.0',
    id: alertId(set, what),
    source: `/vigil/${data.clientId}/${data.ruleId}`,
    type: 'vigil.alert.v1',
    subject: bits(partition) || bits(data.group) || data.ruleId,
    time: data.evaluatedAt,
    datacontenttype: 'application/json',
    ...(traceparent !== undefined && { traceparent }),
    data,
  });
}

/** The trace of the event behind an alert: whose it is, who brought it about, or the first of those that satisfy. */
function traceOf(set: LiveSet, { partition, causedBy }: Announcement): string | undefined {
  const [first] = holdersOf(set);
  const behind = partition ?? causedBy ?? (first === undefined ? undefined : set.state.partitions[first]);
  return behind?.last?.trace;
}

const isoTime = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

export function named(properties: readonly string[], values: readonly Scalar[] | undefined): Record<string, Scalar> {
  if (values === undefined) return {};
  return Object.fromEntries(properties.map((property, index) => [property, values[index] ?? null]));
}

const bits = (record: Record<string, Scalar>): string =>
  Object.entries(record)
    .map(([property, value]) => `${property}=${scalarBits(value)}`)
    .join(',');

/**
 * `<set id>[/<partition>]#<generation>.<episode>:<status>`; what may happen several times in an episode carries its moment.
 * Made of nothing that depends on processes, retries or the wall clock: the same transition has the same id for ever.
 */
function alertId({ rule, state }: LiveSet, { status, alert, partition, limit }: Announcement): string {
  const place = partition === undefined ? '' : `/${bits(named(rule.partitionBy, partition.key))}`;
  // Each shard of a split set has caps of its own.
  const whose = state.share === undefined ? '' : `.${state.share.shard}`;
  const turn = status === 'severity' ? `.${alert.changes}` : limit === undefined ? '' : `.${limit}${whose}`;
  const moment = status === 'firing' || status === 'resolved' ? '' : `${turn}@${state.now}`;
  return `${rule.ids.of(state.group)}${place}#${state.generation}.${alert.episode}:${status}${moment}`;
}

/** Who brought it about first, then those that satisfy; at most 20, with the total. */
function evidence(set: LiveSet, { partition, causedBy }: Announcement): AlertData['evidence'] {
  if (partition !== undefined) return { items: evidenceItem(set, partition), total: 1 };
  const items = causedBy === undefined ? [] : evidenceItem(set, causedBy);
  const holders = holdersOf(set);
  for (const key of holders) {
    if (items.length >= LIMITS.evidenceItems) break;
    const holder = set.state.partitions[key];
    if (holder !== undefined && holder !== causedBy) items.push(...evidenceItem(set, holder));
  }
  const cause = causedBy === undefined || holders.has(partitionKey(causedBy.key)) ? 0 : 1;
  return { items, total: holders.size + cause };
}

/** What is said of a partition: nothing before it has reported. */
export function evidenceItem({ rule, state }: LiveSet, partition: PartitionState): EvidenceItem[] {
  const { last, stores, shown } = partition;
  if (shown !== undefined) return [shown];
  if (last === null) return [];
  const [leaf] = rule.leaves;
  const slot = leaf === undefined ? undefined : rule.slots[leaf.slot];
  const newest = slot?.kind === 'latest' ? asSample(stores[leaf?.slot ?? 0] ?? null) : null;
  const value = leaf?.spec.value(stores[leaf.slot] ?? null, state.now, leaf.withinMs, last.timeMs) ?? null;
  return [
    {
      partition: named(rule.partitionBy, partition.key),
      sequence: newest?.[1] ?? last.sequence,
      time: new Date(newest?.[0] ?? last.timeMs).toISOString(),
      value: showValue(value),
    },
  ];
}

/** The partitions that satisfy the level that holds, or else the lowest. */
export function holdersOf(set: LiveSet): Readonly<Holders> {
  return set.holders[Math.max(0, aggregate(set))] ?? NONE;
}

const NONE: Readonly<Holders> = new Crowd(0, []);

/** Not the one that Mustache has for everybody: workflows share this module, and what is exported to them is frozen. */
const writer = new Mustache.Writer();

/** Mustache has no logic beyond sections, so a tenant's text can neither run code nor loop beyond what it is shown. */
function message(set: LiveSet, data: AlertData): string {
  const { rule } = set.rule;
  const fallback = `${rule.name ?? rule.id}: ${data.status}`;
  if (rule.message === undefined) return fallback;
  const view = {
    ...data,
    name: rule.name ?? rule.id,
    total: set.live,
    count: holdersOf(set).size,
    percent: set.live === 0 ? 0 : Math.round((100 * holdersOf(set).size) / set.live),
    value: data.evidence.items[0]?.value ?? null,
  };
  try {
    return writer.render(rule.message, view, {}, { escape: String }).slice(0, LIMITS.messageLength);
  } catch {
    // A template that Mustache cannot read is refused when the rule is stored; an alert is never lost over its text.
    return fallback;
  } finally {
    // It would keep the texts of all tenants, for ever.
    writer.clearCache();
  }
}

