import { keepName } from './merge.ts';
import { LIMITS } from '../primitives/limits.ts';
import { derivePartitionSet, newState, type PartitionSet } from '../partition-set/partition-set.ts';
import { shardOf } from './shard-of.ts';
import type { PieceState, ShardState } from './shard-state.ts';
import { someSatisfying, countsOf } from './shard-changes.ts';
import { pieceOf, resumePiece } from './piece.ts';
import type { PartitionState, WaitingState } from '../model/partition-set-state.ts';
import type { ProjectedEvent } from '../model/projected-event.ts';
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
    (parts[shardOf(key, shards)] as Record<string, PartitionState>)[key] = partition;
  const { overdue } = state.alert;
  const overdueBy = overdue?.by === undefined ? undefined : state.partitions[overdue.by];
  if (overdue !== undefined && overdueBy !== undefined) overdueBy.overdueUntil = overdue.until;
  const waiting = splitWaiting(set, shards);
  const shares = parts.map((partitions, shard) => shareOf(set, partitions, { shard, shards }, waiting[shard]));
  const tallies = shares.map(({ share }) => (share as ShardState).noted.tally);
  const named = someSatisfying(set, LIMITS.evidenceItems);
  const coordinator = resumePiece(rule.rule, {
    ...state,
    ...(state.waiting !== undefined && { waiting: { until: state.waiting.until, events: [] } }),
    partitions: {},
    assembly: { tallies },
  });
  coordinator.outbox = set.outbox;
  for (const partition of named) keepName(coordinator, partition);
  return { head: coordinator, shares };
}

/** The waiting events of each shard; empty without `lateTolerance`. In ascending order they are heaps, too. */
function splitWaiting({ state, rule }: PartitionSet, shards: number): WaitingState[] {
  const { waiting } = state;
  if (waiting === undefined) return [];
  const parts = Array.from({ length: shards }, (): WaitingState => ({ until: waiting.until, events: [] }));
  for (const event of waiting.events.toSorted(byOwnTime))
    parts[shardOf(partitionKey(keyValues(rule.partitionBy, event.data)), shards)]?.events.push(event);
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
    share,
    ...(waiting !== undefined && { waiting }),
    nextHeartbeatAt: rule.each ? state.nextHeartbeatAt : null,
  };
  share.noted.tally = countsOf(derivePartitionSet(rule.rule, piece, pieceOf(piece)));
  return piece;
}
