import { levelOfSet } from '../partition-set/values/level.ts';
import type { AlertData, AlertReason, AlertStatus, EvidenceItem } from '../model/alert/alert.ts';
import { jsonBytes } from '../primitives/text/bytes.ts';
import { PartialKeySet, type KeySet } from '../partition-set/key-set.ts';
import { recordBits } from '../model/id-text.ts';
import type { Severity } from '../model/alert/severity.ts';
import { LIMITS } from '../primitives/limits.ts';
import { expectedCount, type PartitionSet } from '../partition-set/partition-set.ts';
import { partitionKey } from '../partition-set/partition-index.ts';
import { knownValue } from '../partition-set/values/known-value.ts';
import { levelAt } from './level-times.ts';
import { marksOf, shownMark } from './marks.ts';
import { messageValuesOf } from './message-values.ts';
import { cutMessage, messageOf, type MessageFigures } from './message.ts';
import type { AlertState, Mark, PartitionState, SnoozeMark } from '../model/partition-set/partition-set-state.ts';
import { isoTime, isoTimeOrNull } from '../primitives/text/iso-time.ts';
import { asSample } from '../windows/accumulators.ts';
import { showValue, type Scalar } from '../primitives/value.ts';

/** JSON bytes of what somebody did and of the marks that an alert shows: names and notes of escaped characters. */
export const MARKS_BYTES_MAX = 3 * 7_808;

/**
 * Upper bound of an alert's JSON bytes, whatever its rule and events: group and partition with 8 values of 256
 * characters and names of the same length (24 KB each), labels, evidence, the message, marks, and 3 KB for the rest. A
 * NATS message takes 1 MB, headers included.
 */
export const ALERT_BYTES_MAX =
  2 * 24_640 + LIMITS.labelsBytes + LIMITS.evidenceBytes + LIMITS.messageBytes + MARKS_BYTES_MAX + 3_072;

/** Input of one alert: the set's own or, with `each`, that of one partition. */
export interface AlertDraft {
  status: AlertStatus;
  reason: AlertReason;
  startsAt: number | null;
  endsAt: number | null;
  alert: AlertState;
  /** Default: that of the alert. */
  severity?: Severity;
  /** The cap that was reached (status `limit`). */
  limit?: string;
  /** Text that replaces the rule's message. */
  text?: string;
  /** The partition that the alert belongs to (`each` and `sequence`). */
  partition?: PartitionState;
  /** The partition whose event or expiry caused it. */
  causedBy?: PartitionState | undefined;
  /** The acknowledgement that ended with the episode. */
  acknowledged?: Mark;
  /** What somebody did. */
  action?: Mark | SnoozeMark;
  /** Tells statuses apart that recur within an episode, epoch ms. Default: the set's clock. */
  momentMs?: number;
}

/** Creates the alert and adds it to the set's outbox. */
export function emitAlert(set: PartitionSet, what: AlertDraft): void {
  const { rule, state } = set;
  const partition = named(rule.partitionBy, what.partition?.key);
  const behind = behindOf(set, what);
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
    severity: what.severity ?? what.alert.severity,
    startsAt: isoTimeOrNull(what.startsAt),
    endsAt: isoTimeOrNull(what.endsAt),
    evaluatedAt: isoTime(state.now),
    message: '',
    labels: rule.rule.labels ?? {},
    evidence: evidence(set, what),
  };
  Object.assign(data, stoppedAt(what.alert), what.action && { action: shownMark(what.action) }, marksOfDraft(what));
  const messageValues = behind === undefined ? undefined : messageValuesOf(set, behind);
  data.message = cutMessage(what.text ?? messageOf(rule, data, { ...figuresOf(set), ...messageValues }));
  const traceparent = behind?.last?.trace;
  set.outbox.push({
    specversion: '1.0',
    id: alertId(set, what),
    source: `/vigil/${data.clientId}/${data.ruleId}`,
    type: 'vigil.alert.v1',
    subject: recordBits(partition) || recordBits(data.group) || data.ruleId,
    time: data.evaluatedAt,
    datacontenttype: 'application/json',
    ...(traceparent !== undefined && { traceparent }),
    data,
  });
}

const marksOfDraft = ({ alert, acknowledged = alert.acknowledged }: AlertDraft): ReturnType<typeof marksOf> =>
  marksOf({ ...(acknowledged && { acknowledged }), ...(alert.snoozed && { snoozed: alert.snoozed }) });

/** Since when the condition of a latched alert does not hold. */
const stoppedAt = ({ latched, ceased }: AlertState): Pick<AlertData, 'stoppedAt'> =>
  latched === true && ceased !== null ? { stoppedAt: isoTime(ceased.at) } : {};

/** Statuses that `AlertState.changes` counts. */
const CHANGES: ReadonlySet<AlertStatus> = new Set<AlertStatus>(['severity', 'latched', 'unlatched']);

function figuresOf(set: PartitionSet): MessageFigures {
  const { rule, live, across, state } = set;
  return {
    total: rule.onlyExpected ? expectedCount(set) : live,
    count: satisfyingKeys(set).size,
    ...(across !== null && { value: across.valueAt(state.now) ?? null }),
  };
}

/** The partition behind an alert: its own, else that of the cause, else the first that satisfies. */
function behindOf(set: PartitionSet, { partition, causedBy }: AlertDraft): PartitionState | undefined {
  const [first] = contributors(set);
  return partition ?? causedBy ?? (first === undefined ? undefined : set.state.partitions[first]);
}

export function named(properties: readonly string[], values: readonly Scalar[] | undefined): Record<string, Scalar> {
  if (values === undefined) return {};
  return Object.fromEntries(properties.map((property, index) => [property, values[index] ?? null]));
}

/**
 * `<set id>[/<partition>]#<generation>.<episode>:<status>`, plus a time if the status can recur within an episode.
 * Independent of processes, retries and the wall clock: the same transition always has the same id.
 */
function alertId({ rule, state, piece }: PartitionSet, what: AlertDraft): string {
  const { status, alert, partition, limit, momentMs = state.now } = what;
  const place = partition === undefined ? '' : `/${recordBits(named(rule.partitionBy, partition.key))}`;
  // Each piece has its own limits.
  const whose = piece?.idSuffix ?? '';
  const turn = CHANGES.has(status) ? `.${alert.changes}` : limit === undefined ? '' : `.${limit}${whose}`;
  const moment = status === 'firing' || status === 'resolved' ? '' : `${turn}@${momentMs}`;
  return `${rule.ids.of(state.group)}${place}#${state.generation}.${alert.episode}:${status}${moment}`;
}

/** The cause first, then the partitions that satisfy or contribute most; as many as fit into an alert, with the total. */
function evidence(set: PartitionSet, { partition, causedBy }: AlertDraft): AlertData['evidence'] {
  if (partition !== undefined) return { items: evidenceItem(set, partition), total: 1 };
  const items = causedBy === undefined ? [] : evidenceItem(set, causedBy);
  const satisfying = satisfyingKeys(set);
  for (const key of contributors(set)) {
    if (items.length >= LIMITS.evidenceItems) break;
    const other = set.state.partitions[key];
    if (other !== undefined && other !== causedBy) items.push(...evidenceItem(set, other));
  }
  const cause = causedBy === undefined || satisfying.has(partitionKey(causedBy.key)) ? 0 : 1;
  return { items: fitting(items), total: satisfying.size + cause };
}

/** The first items that fit into the evidence of one alert, at least one. */
export function fitting<T>(items: readonly T[]): T[] {
  let bytes = BRACKETS_BYTES;
  const end = items.findIndex((item, index) => {
    bytes += jsonBytes(item) + COMMA_BYTES;
    return index > 0 && bytes > LIMITS.evidenceBytes;
  });
  return end === -1 ? [...items] : items.slice(0, end);
}

const BRACKETS_BYTES = 2;
const COMMA_BYTES = 1;

/** The evidence of a partition; empty before it has reported. Its value is null while it is unknown. */
export function evidenceItem(set: PartitionSet, partition: PartitionState): EvidenceItem[] {
  const { rule } = set;
  const { last, stores, shown } = partition;
  if (shown !== undefined) return [shown];
  if (last === null) return [];
  const leaf = rule.measure?.leaf ?? rule.leaves[0];
  const slot = leaf === undefined ? undefined : rule.slots[leaf.slot];
  const newest = slot?.kind === 'latest' ? asSample(stores[leaf?.slot ?? 0] ?? null) : null;
  const value = leaf === undefined ? null : (knownValue(set, partition, leaf) ?? null);
  return [
    {
      partition: named(rule.partitionBy, partition.key),
      sequence: newest?.[1] ?? last.sequence,
      time: isoTime(newest?.[0] ?? last.timeMs),
      value: showValue(value),
    },
  ];
}

/** The partitions that satisfy the level that holds, else the lowest level. */
export function satisfyingKeys(set: PartitionSet): Readonly<KeySet> {
  const { rule, state } = set;
  const level = rule.timesLevels ? levelAt(rule.levels, state.alert) : levelOfSet(set);
  return set.satisfying[Math.max(0, level)] ?? NONE;
}

/**
 * The partitions that satisfy; for a value of the set, those that contribute most first, as many as evidence shows. A
 * set in pieces knows some, by their last evidence.
 */
export function contributors(set: PartitionSet): Iterable<string> {
  const { across, piece, state } = set;
  if (across === null) return satisfyingKeys(set);
  if (piece?.derive === undefined) return across.first(LIMITS.evidenceItems + 1);
  const valueAt = (key: string): number => Number(state.partitions[key]?.shown?.value ?? 0);
  const sign = across.measure.largestFirst ? -1 : 1;
  return Object.keys(state.partitions).sort((a, b) => sign * (valueAt(a) - valueAt(b)) || (a < b ? -1 : 1));
}

const NONE: Readonly<KeySet> = new PartialKeySet(0, []);
