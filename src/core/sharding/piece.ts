import { resumePartitionSet } from '../evaluation/evaluate.ts';
import type { Rule } from '../model/rule/rule-schema.ts';
import { PartialKeySet } from '../partition-set/key-set.ts';
import type { PartitionSet, Piece } from '../partition-set/partition-set.ts';
import { endLatches, openLatches } from './hysteresis-counts.ts';
import { recordChange } from './shard-changes.ts';
import { shardOf } from './shard-of.ts';
import type { MergeState, PieceState, ShardState } from './shard-state.ts';

/**
 * Resumes from the state of a partition set, of a shard or of a coordinator.
 * @throws VigilError STATE_VERSION_UNKNOWN
 */
export function resumePiece(rule: Rule, state: PieceState): PartitionSet {
  return resumePartitionSet(rule, state, pieceOf(state));
}

/** The piece that a state belongs to; null for a whole partition set. */
export function pieceOf({ share, assembly }: PieceState): Piece | null {
  if (share !== undefined) return shardPiece(share);
  return assembly === undefined ? null : COORDINATOR;
}

const shardPiece = (share: ShardState): Piece => ({
  owns: (key) => shardOf(key, share.shards) === share.shard,
  idSuffix: `.${share.shard}`,
  record: (set, changed, cause, inAllPieces) => recordChange(set, share, changed, cause, inAllPieces),
});

const COORDINATOR: Piece = {
  owns: () => true,
  idSuffix: '',
  unlatch: endLatches,
  derive: (set) => deriveFromShards(set, (set.state as PieceState).assembly ?? { tallies: [] }),
};

/** A coordinator has no partitions: its counts are the sums of the shards' counts. */
function deriveFromShards(set: PartitionSet, { tallies, latches }: MergeState): void {
  openLatches(set.state, set.rule.latches);
  set.live = tallies.reduce((sum, { live }) => sum + live, 0);
  set.rosterLive = tallies.reduce((sum, { rosterLive }) => sum + rosterLive, 0);
  set.unknown = set.rule.levels.map((_level, level) =>
    tallies.reduce((sum, { unknown }) => sum + (unknown?.[level] ?? 0), -(latches?.unknown[level] ?? 0)),
  );
  set.forgotten = tallies.reduce((sum, { forgotten = 0 }) => sum + forgotten, 0);
  for (const [shard, { part }] of tallies.entries()) set.across?.replacePart(shard, part);
  set.satisfying = set.rule.levels.map((_level, level) => {
    const named = Object.entries(set.state.partitions).filter(([, { holds }]) => (holds[level] ?? 0) > 0);
    const total = tallies.reduce((sum, { holding }) => sum + (holding[level] ?? 0), latches?.counts[level] ?? 0);
    return new PartialKeySet(
      total,
      named.sort(([, a], [, b]) => (a.holds[level] ?? 0) - (b.holds[level] ?? 0)).map(([key]) => key),
    );
  });
}
