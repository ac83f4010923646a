import { evidenceItem, named } from '../alerts/envelope.ts';
import type { AlertPhase } from '../model/alert/alert.ts';
import { recordBits } from '../model/id-text.ts';
import type { PartitionState } from '../model/partition-set/partition-set-state.ts';
import type { Severity } from '../model/alert/severity.ts';
import { levelOf, UNKNOWN_LEVEL } from '../partition-set/values/level.ts';
import type { PartitionEntry } from '../partition-set/partition-index.ts';
import type { PartitionSet } from '../partition-set/partition-set.ts';
import { jsonBytes } from '../primitives/text/bytes.ts';
import { isoTimeOrNull } from '../primitives/text/iso-time.ts';
import type { Scalar } from '../primitives/value.ts';
import { newestEvent } from './condition-tree.ts';
import type { AnswerText, EventNow, NextMoment } from './explanation.ts';
import { nextOfPartition } from './next-moments.ts';

export const PARTITION_SORTS = ['partition', 'lastEvent', 'value'] as const;
export const PARTITION_STATES = ['live', 'stale', 'not reported', 'forgotten'] as const;

export interface PartitionsRequest {
  /** By key; or the newest event, or the largest value, first. */
  sort: (typeof PARTITION_SORTS)[number];
  limit: number;
  /** Only those after this place, in the order of `sort`. */
  after?: PartitionPlace;
  /** Only those in one of these states. */
  states?: readonly PartitionReport[];
  /** Only those whose own alert is in one of these phases. */
  alerts?: readonly AlertPhase[];
  /** Only those whose properties or values contain it, in any case. */
  text?: string;
}

type PartitionReport = (typeof PARTITION_STATES)[number];

/** `rank`: the time or the value that sorts; null without one, which comes last. */
export interface PartitionPlace {
  rank: number | null;
  key: string;
}

export interface ListedPartition {
  partition: Record<string, Scalar>;
  state: PartitionReport;
  lastEvent: EventNow | null;
  /** As in the evidence of an alert. */
  value: Scalar;
  satisfies: AnswerText;
  /** The level that it satisfies; null if none. */
  severity: Severity | null;
  /** Its own alert; null if the rule has one alert for all partitions. */
  alert: AlertPhase | null;
  /** Since when the condition of its own alert holds, ISO 8601; null while it does not. */
  since: string | null;
  /** The first that happens to it without another event; null if nothing does. */
  next: NextMoment | null;
}

export interface PartitionPage {
  partitions: { place: PartitionPlace; listed: ListedPartition }[];
  /** There are more after the last one. */
  hasMore: boolean;
  /** The set is split: these workflows have the partitions. */
  shards?: string[];
}

/** For a query without arguments, as in the Temporal UI. */
const FIRST: PartitionsRequest = { sort: 'partition', limit: 100 };
/** Far below the 2 MB of a payload. */
const PAGE_BYTES = 256 * 1024;

/** The partitions of a set, as of its clock. */
export function listPartitions(set: PartitionSet, request: PartitionsRequest = FIRST): PartitionPage {
  const { after, limit } = request;
  const wanted = [...set.index.all()]
    .filter(({ partition }) => isWanted(set, partition, request))
    .map((entry) => ({ place: { rank: rankOf(set, entry.partition, request), key: entry.key }, entry }))
    .filter(({ place }) => after === undefined || comparePlaces(place, after) > 0)
    .sort((a, b) => comparePlaces(a.place, b.place));
  const partitions: PartitionPage['partitions'] = [];
  let bytes = 0;
  for (const { place, entry } of wanted.slice(0, limit)) {
    const item = { place, listed: listed(set, entry) };
    bytes += jsonBytes(item);
    if (bytes > PAGE_BYTES && partitions.length > 0) break;
    partitions.push(item);
  }
  return { partitions, hasMore: partitions.length < wanted.length };
}

/** One page of those of all shards, in order. Nothing is skipped: what follows the end of a shard's page waits. */
export function mergePages(pages: readonly PartitionPage[], limit: number): PartitionPage {
  const ends = pages.flatMap(({ partitions, hasMore }) => (hasMore ? (partitions.at(-1)?.place ?? []) : []));
  const all = pages.flatMap(({ partitions }) => partitions).sort((a, b) => comparePlaces(a.place, b.place));
  const partitions = all.filter(({ place }) => ends.every((end) => comparePlaces(place, end) <= 0)).slice(0, limit);
  return { partitions, hasMore: pages.some(({ hasMore }) => hasMore) || partitions.length < all.length };
}

/** The largest rank first, then by key. */
export function comparePlaces(a: PartitionPlace, b: PartitionPlace): number {
  if (a.rank !== b.rank) {
    if (a.rank === null) return 1;
    return b.rank === null ? -1 : b.rank - a.rank;
  }
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

function isWanted(
  set: PartitionSet,
  partition: PartitionState,
  { states = [], alerts = [], text = '' }: PartitionsRequest,
): boolean {
  if (states.length > 0 && !states.includes(reportOf(partition))) return false;
  if (alerts.length > 0 && (partition.alert === undefined || !alerts.includes(partition.alert.phase))) return false;
  const bits = text === '' ? '' : recordBits(named(set.rule.partitionBy, partition.key));
  return bits.toLowerCase().includes(text.toLowerCase());
}

function rankOf(set: PartitionSet, partition: PartitionState, { sort }: PartitionsRequest): number | null {
  if (sort === 'lastEvent') return partition.last?.timeMs ?? null;
  const value = sort === 'value' ? valueOf(set, partition) : null;
  return typeof value === 'number' ? value : null;
}

const valueOf = (set: PartitionSet, partition: PartitionState): Scalar =>
  evidenceItem(set, partition)[0]?.value ?? null;

/** Whether it has reported lately. */
export function reportOf({ last, stale, forgotten }: PartitionState): PartitionReport {
  if (forgotten === true) return 'forgotten';
  return last === null ? 'not reported' : stale ? 'stale' : 'live';
}

function listed(set: PartitionSet, entry: PartitionEntry): ListedPartition {
  const { partition } = entry;
  const { key, last, alert } = partition;
  const level = levelOf(set, partition);
  return {
    partition: named(set.rule.partitionBy, key),
    state: reportOf(partition),
    lastEvent: last === null ? null : newestEvent(last),
    value: valueOf(set, partition),
    satisfies: level >= 0 ? 'yes' : level === UNKNOWN_LEVEL ? 'unknown' : 'no',
    severity: set.rule.levels[level]?.severity ?? null,
    alert: alert?.phase ?? null,
    since: isoTimeOrNull(alert?.since ?? null),
    next: nextOfPartition(set, entry).sort((a, b) => a.at.localeCompare(b.at))[0] ?? null,
  };
}
