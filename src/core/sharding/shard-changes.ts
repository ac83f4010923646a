import type { Cause } from '../model/alert/cause.ts';
import { messageValuesOf } from '../alerts/message-values.ts';
import { evidenceItem, fitting } from '../alerts/envelope.ts';
import { overdueFrom } from '../model/alert/overdue.ts';
import { LIMITS } from '../primitives/limits.ts';
import type { ValuesKnown } from '../partition-set/values/across.ts';
import type { LatchChange, PartitionSet } from '../partition-set/partition-set.ts';
import { partitionKey, type PartitionEntry } from '../partition-set/partition-index.ts';
import { overdueWeight } from '../partition-set/weight.ts';
import type { ShardChange, NamedPartition, ShardState, ShardCounts } from './shard-state.ts';
import type { PartitionState } from '../model/partition-set/partition-set-state.ts';

/** The counts of a set's partitions. */
export function countsOf({ live, rosterLive, satisfying, unknown, forgotten, across }: PartitionSet): ShardCounts {
  const holding = satisfying.map(({ size }) => size);
  return {
    ...{ live, rosterLive, holding },
    ...(unknown.some((count) => count > 0) && { unknown: [...unknown] }),
    ...(forgotten > 0 && { forgotten }),
    ...(across !== null && { part: across.part() }),
  };
}

/** A partition in the form in which a coordinator can name it. */
export function namedPartition(set: PartitionSet, partition: PartitionState): NamedPartition {
  const [item = null] = evidenceItem(set, partition);
  const trace = partition.last?.trace;
  const messageValues = messageValuesOf(set, partition);
  return {
    key: partition.key,
    holds: partition.holds.map((since) => since > 0),
    item,
    ...(trace !== undefined && { trace }),
    ...(partition.latched !== undefined && { latched: [...partition.latched] }),
    ...(messageValues !== undefined && { messageValues }),
  };
}

/**
 * In a shard, instead of judging the set: records what the coordinator needs to judge it. Partitions dropped in the
 * meantime satisfy nothing.
 */
export function recordChange(
  set: PartitionSet,
  share: ShardState,
  changed: readonly PartitionEntry[],
  cause: Cause,
  inAllPieces = false,
): void {
  if (set.rule.each) return;
  const change = changeOf(set, changed, cause);
  if (inAllPieces) change.shared = true;
  if (isSilenceAt(set, share, change.at)) flushLatestEvent(share);
  // An empty set may fire: with its first event, its condition begins or ends, whatever that changes.
  const isFirst = !cause.byClock && change.at <= set.state.startedAt;
  const isRelevant = isFirst || matters(set, share, change);
  const isProof = mayBeProof(set, cause);
  if (isRelevant || set.rule.noData !== null) noteOverdue(set, cause);
  if (isRelevant || isProof) return push(set, share, change);
  if (cause.byClock || set.rule.noData === null) return;
  if (share.noted.lastEventAt === null) push(set, share, change);
  else share.heard = change;
}

/** Removes and returns the changes that were not sent to the coordinator yet. */
export function takeChanges(share: ShardState): ShardChange[] {
  flushLatestEvent(share);
  return share.log.splice(0);
}

/**
 * Some of the partitions that satisfy, or may be latched, up to `count` for each level, for the coordinator to name; or
 * those that contribute most to the value of the set.
 */
export function someSatisfying(set: PartitionSet, count: number): NamedPartition[] {
  const keys = new Set<string>(set.across?.first(count));
  const marked = [...set.latched].slice(0, count).map(({ key }) => key);
  for (const satisfying of [...(set.across === null ? set.satisfying : []), marked]) {
    let left = count;
    for (const key of satisfying) {
      if (left-- === 0) break;
      keys.add(key);
    }
  }
  return fitting(
    [...keys].flatMap((key) => set.state.partitions[key] ?? []).map((partition) => namedPartition(set, partition)),
  );
}

function changeOf(set: PartitionSet, changed: readonly PartitionEntry[], cause: Cause): ShardChange {
  const { state } = set;
  const named = fitting(changed.slice(0, LIMITS.evidenceItems).map(({ partition }) => namedPartition(set, partition)));
  return {
    at: state.now,
    byClock: cause.byClock,
    seq: cause.sequence ?? state.mark,
    time: cause.at,
    ceased: cause.ceased,
    lastEventAt: state.lastEventAt,
    tally: countsOf(set),
    named,
    more: changed.length > named.length,
    ...(set.latchChanges.length > 0 && { latched: sumsOf(set.latchChanges.splice(0)) }),
    ...(cause.arrivedAt !== undefined && { arrivedAt: cause.arrivedAt }),
    ...(cause.position !== undefined && { position: cause.position }),
    ...(cause.causedBy !== undefined && { causedBy: namedPartition(set, cause.causedBy) }),
  };
}

/** One change for each level and mark. */
function sumsOf(changes: readonly LatchChange[]): LatchChange[] {
  const sums = new Map<string, LatchChange>();
  for (const [level, mark, count, unknown] of changes) {
    const key = `${level} ${mark.join(' ')}`;
    const [, , counted = 0, unknowns = 0] = sums.get(key) ?? [];
    sums.set(key, [level, mark, counted + count, unknowns + unknown]);
  }
  return [...sums.values()].filter(([, , count, unknown]) => count !== 0 || unknown !== 0);
}

/**
 * Whether the change can affect the coordinator's verdict. A new partition matters only to conditions on the number of
 * live ones.
 */
function matters({ rule, state }: PartitionSet, { noted }: ShardState, change: ShardChange): boolean {
  const { tally, ceased, latched = [] } = change;
  if (latched.length > 0) return true;
  if (ceased !== 'cleared' || noted.ticks !== state.ticks || tally.live < noted.tally.live) return true;
  if (tally.holding.some((count, level) => count !== noted.tally.holding[level])) return true;
  if (rule.levels.some((_, level) => (tally.unknown?.[level] ?? 0) !== (noted.tally.unknown?.[level] ?? 0)))
    return true;
  if ((tally.forgotten ?? 0) !== (noted.tally.forgotten ?? 0)) return true;
  // Values that grow are compared with every event.
  if (rule.measure?.grows === true || !isSamePart(tally.part, noted.tally.part)) return true;
  const {
    evaluate: { type },
    message = '',
    resolvedMessage = '',
  } = rule.rule;
  if (/total|percent/.test(message + resolvedMessage) && tally.live !== noted.tally.live) return true;
  return type !== 'any' && type !== 'count' && tally.live !== noted.tally.live;
}

/** The terms of a sum may differ although it is the same: then it is reported once too often. */
const isSamePart = (part: ValuesKnown | undefined, other: ValuesKnown | undefined): boolean =>
  JSON.stringify(part) === JSON.stringify(other);

/** Whether the event may prove what an earlier event of its partition made overdue. */
function mayBeProof(set: PartitionSet, { byClock, causedBy, mayProve }: Cause): boolean {
  const { overdue } = set.state;
  if (byClock || causedBy === undefined || overdue === undefined) return false;
  dropDecided(set, overdue);
  return overdue[partitionKey(causedBy.key)] !== undefined && mayProve?.() !== false;
}

/** What is in order of time costs O(1) for each that was noted. */
function dropDecided(set: PartitionSet, overdue: Record<string, number>): void {
  for (const key in overdue) {
    if ((overdue[key] ?? 0) >= set.state.now) return;
    dropOverdue(set, overdue, key);
  }
  delete set.state.overdue;
}

function dropOverdue(set: PartitionSet, overdue: Record<string, number>, key: string): void {
  if (overdue[key] === undefined) return;
  Reflect.deleteProperty(overdue, key);
  set.weight -= overdueWeight(key);
}

/** Notes that `for` or `keepFiringFor` may have passed before an event arrived that starts or stops the condition. */
function noteOverdue(set: PartitionSet, cause: Cause): void {
  const { rule, state } = set;
  if (cause.causedBy === undefined || cause.byClock) return;
  const lasts = [rule, ...rule.levels].flatMap((each) => [each.forMs, each.keepFiringForMs]).filter((ms) => ms > 0);
  const until = lasts.length === 0 ? undefined : overdueFrom(cause.at + Math.min(...lasts), state.now, cause);
  if (until === undefined) return;
  const key = partitionKey(cause.causedBy.key);
  const overdue = (state.overdue ??= {});
  dropOverdue(set, overdue, key);
  overdue[key] = until;
  set.weight += overdueWeight(key);
}

/** Whether a coordinator that knows nothing after the newest recorded change could consider the set silent. */
function isSilenceAt({ rule }: PartitionSet, { noted }: ShardState, at: number): boolean {
  return rule.noData !== null && noted.lastEventAt !== null && at >= noted.lastEventAt + rule.noData.afterMs;
}

function push({ state }: PartitionSet, share: ShardState, change: ShardChange): void {
  share.log.push(change);
  share.heard = null;
  share.noted = { tally: change.tally, ticks: state.ticks, lastEventAt: change.lastEventAt };
}

function flushLatestEvent(share: ShardState): void {
  if (share.heard === null) return;
  share.log.push(share.heard);
  share.noted.lastEventAt = share.heard.lastEventAt;
  share.heard = null;
}
