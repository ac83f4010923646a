import type { Muted } from '../../src/core/evaluation/correction/correct-alerts.ts';
import type { AlertComparison } from '../../src/core/evaluation/correction/compare-published.ts';
import type { AlertEnvelope } from '../../src/core/model/alert/alert.ts';
import { compileRule } from '../../src/core/compilation/compile-rule.ts';
import { packState } from '../../src/core/packing/pack-state.ts';
import { partitionKey } from '../../src/core/partition-set/partition-index.ts';
import { shardOf } from '../../src/core/sharding/shard-of.ts';
import { splitComparison, splitPublished } from '../../src/core/sharding/split-published.ts';
import type { PieceState } from '../../src/core/sharding/shard-state.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import type { Scalar } from '../../src/core/primitives/value.ts';
import type { ShardInput, ShardOutbox } from './messages.ts';
import { ShardCoordinator } from './shard-coordinator.ts';

export interface SplitInput {
  setId: string;
  /** Identifies one split of the set. */
  epoch: string;
  rule: StoredRule;
  shares: PieceState[];
  nowMs: number;
  /** Partition alerts that the coordinator may not have published yet. */
  unpublished: readonly AlertEnvelope[];
  /** What the set is compared with, if it is being rebuilt. */
  comparison?: AlertComparison | undefined;
  /** If it is muted. */
  muted?: Muted | null;
  signalsPerRun: number | undefined;
}

/** The coordinator of a set that is being split, with the inputs of its shards. */
export function coordinateShares(
  { setId, epoch, rule, shares, nowMs, unpublished, comparison, muted, signalsPerRun }: SplitInput,
  isExact: () => boolean,
): ShardCoordinator {
  const compiled = compileRule(rule.rule);
  const { partitionBy } = compiled;
  const compared = comparison && splitComparison(compiled, comparison, shares.length);
  const before = muted && splitPublished(muted.before, shares.length);
  const shardOfAlert = ({ data }: AlertEnvelope): number =>
    shardOf(partitionKey(partitionBy.map((property) => data.partition[property] as Scalar)), shares.length);
  // A shard must publish these before any later alert. The coordinator may publish them too, which their ids make
  // harmless.
  const birth = (state: PieceState, shard: number): ShardInput => ({
    ...{
      ...rule,
      setId,
      epoch,
      state: packState(state),
      outbox: unpublished.filter((alert) => shardOfAlert(alert) === shard),
      status: 'inactive',
      notices: [],
      asked: { cut: false, dueAt: null },
    },
    ...(signalsPerRun !== undefined && { signalsPerRun }),
    ...(compared?.shares[shard] !== undefined && { comparison: compared.shares[shard] }),
    ...(muted && before?.shares[shard] && { muted: { resolves: muted.resolves, before: before.shares[shard] } }),
  });
  const boxes = shares.map((state, shard): ShardOutbox => ({
    shardId: `${setId}/shard-${epoch}-${shard}`,
    birth: birth(state, shard),
    letters: [],
  }));
  return new ShardCoordinator(
    {
      epoch,
      boxes,
      round: 0,
      rounds: [],
      newestAtMs: nowMs,
      wantsCut: false,
      dueAt: null,
      statuses: shares.map(() => 'inactive'),
      ...(compared !== undefined && { comparison: compared.own }),
      ...(muted && before && { muted: { resolves: muted.resolves, before: before.own } }),
    },
    rule,
    isExact,
  );
}
