import { keepName } from './merge.ts';
import { LIMITS } from '../primitives/limits.ts';
import { derivePartitionSet, newState, type PartitionSet } from '../partition-set/partition-set.ts';
import { shardOf } from './shard-of.ts';
import type { MergeState, PieceState, ShardState } from './shard-state.ts';
import { someSatisfying, countsOf } from './shard-changes.ts';
import { pieceOf, resumePiece } from './piece.ts';
import { SEVERITIES } from '../model/alert/severity.ts';
import {
  UNKNOWN_SINCE,
  type AlertState,
  type Latch,
  type Overdue,
  type PartitionState,
  type WaitingState,
} from '../model/partition-set/partition-set-state.ts';
import type { ProjectedEvent } from '../model/event/projected-event.ts';
import type { Scalar } from '../primitives/value.ts';
import { keyValues, partitionKey } from '../partition-set/partition-index.ts';

/** A split set: its coordinator (`head`), and the initial states of its shards (`shares`). */
export interface SplitResult {
  head: PartitionSet;
  shares: PieceState[];
}

/** Splits a set into shards. Unpublished alerts stay with the coordinator; partitions keep their own alerts. */
export function splitPartitionSet(set: PartitionSet, shards: number): SplitResult {
  const { state, rule } = set;
  const parts = Array.from({ length: shards }, (): Record<string, PartitionState> => ({}));
  for (const [key, partition] of Object.entries(state.partitions))
    (parts[shardOf(key, shards)] as Record<string, PartitionState>)[key] = rule.each ? partition : asMarked(partition);
  const waiting = splitWaiting(set, shards);
  const shares = parts.map((partitions, shard) => shareOf(set, partitions, { shard, shards }, waiting[shard]));
  for (const { until, by } of overdueOf(state.alert)) {
    const share = by === undefined ? undefined : shares[shardOf(by, shards)];
    if (by !== undefined && share !== undefined) share.overdue = { ...share.overdue, [by]: until };
  }
  const tallies = shares.map(({ share }) => (share as ShardState).noted.tally);
  const named = someSatisfying(set, LIMITS.evidenceItems);
  const coordinator = resumePiece(rule.rule, {
    ...state,
    ...(state.waiting !== undefined && { waiting: { until: state.waiting.until, events: [] } }),
    partitions: {},
    assembly: { tallies, ...latchesOf(set) },
  });
  coordinator.outbox = set.outbox;
  for (const partition of named) keepName(coordinator, partition);
  return { head: coordinator, shares };
}

/** What is overdue in the alert, in the order of the times at which it is decided. */
function overdueOf({ overdue, levels = [] }: AlertState): Overdue[] {
  const all = [overdue, ...levels.map((level) => level.overdue)].filter((each) => each !== undefined);
  return all.sort((a, b) => a.until - b.until);
}

/** All that is latched in a whole set counts. */
function latchesOf({ rule, latched, state }: PartitionSet): Pick<MergeState, 'latches'> {
  if (rule.each || !rule.latches || state.alert.phase !== 'firing') return {};
  const partitions = [...latched].map(({ partition }) => partition);
  const at = (level: number): Latch[] => partitions.flatMap(({ latched: latches }) => latches?.[level] ?? []);
  const counts = SEVERITIES.map((_, level) => at(level).length);
  const unknown = SEVERITIES.map((_, level) => at(level).filter((latch) => latch.unknown).length);
  return { latches: { from: [0, 0, 0], counts, unknown } };
}

/** In a shard, a partition that is only latched does not satisfy. */
function asMarked(partition: PartitionState): PartitionState {
  const { latched, holds } = partition;
  const own = (latch: Latch | null | undefined, since: number): number =>
    latch === null || latch === undefined ? since : latch.unknown ? UNKNOWN_SINCE : 0;
  return latched === undefined
    ? partition
    : { ...partition, holds: holds.map((since, level) => own(latched[level], since)) };
}
/** The waiting events of each shard; empty without `lateTolerance`. In ascending order they are heaps, too. */
function splitWaiting({ state, rule }: PartitionSet, shards: number): WaitingState[] {
  const { waiting } = state;
  if (waiting === undefined) return [];
  const parts = Array.from({ length: shards }, (): WaitingState => ({ until: waiting.until, events: [] }));
  const placeOf = (event: ProjectedEvent): Scalar[] | null | undefined =>
    event.isSettings === true ? rule.settings?.placeIn(event.data) : keyValues(rule.partitionBy, event.data);
  for (const event of waiting.events.toSorted(byOwnTime)) {
    const values = placeOf(event);
    if (values === undefined) continue;
    // Settings for all partitions go to every shard.
    const of = values === null ? parts : [parts[shardOf(partitionKey(values), shards)]];
    for (const part of of) part?.events.push(event);
  }
  return parts;
}

const byOwnTime = (a: ProjectedEvent, b: ProjectedEvent): number => a.time - b.time || a.seq - b.seq;

function shareOf(
  { state, rule }: PartitionSet,
  partitions: Record<string, PartitionState>,
  place: Pick<ShardState, 'shard' | 'shards'>,
  waiting?: WaitingState,
): PieceState {
  const blank = newState({
    rule: rule.rule,
    ruleVersion: state.ruleVersion,
    group: state.group,
    atMs: state.startedAt,
    generation: state.generation,
  });
  const share: ShardState = {
    ...place,
    log: [],
    heard: null,
    noted: { tally: { live: 0, rosterLive: 0, holding: [] }, ticks: state.ticks, lastEventAt: state.lastEventAt },
  };
  const { now, mark, ticks, lastEventAt, limits } = state;
  const piece: PieceState = {
    ...blank,
    now,
    mark,
    ticks,
    lastEventAt,
    limits: { ...limits },
    partitions,
    ...(state.settings !== undefined && { settings: { ...state.settings } }),
    share,
    ...(waiting !== undefined && { waiting }),
    nextHeartbeatAt: rule.each ? state.nextHeartbeatAt : null,
  };
  share.noted.tally = countsOf(derivePartitionSet(rule.rule, piece, pieceOf(piece)));
  return piece;
}
