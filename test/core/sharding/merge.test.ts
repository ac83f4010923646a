import { describe, expect, it } from 'vitest';
import { mergeReports, keepName } from '../../../src/core/sharding/merge.ts';
import { toEvent } from '../../../src/core/model/event/event.ts';
import { LIMITS } from '../../../src/core/primitives/limits.ts';
import type { PartitionSet } from '../../../src/core/partition-set/partition-set.ts';
import { partitionKey } from '../../../src/core/partition-set/partition-index.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { projectEvent } from '../../../src/core/matching/projection.ts';
import { shardOf } from '../../../src/core/sharding/shard-of.ts';
import { takeChanges } from '../../../src/core/sharding/shard-changes.ts';
import { resumePiece } from '../../../src/core/sharding/piece.ts';
import type { PieceState } from '../../../src/core/sharding/shard-state.ts';
import { splitPartitionSet } from '../../../src/core/sharding/split.ts';
import type { PartitionSetState } from '../../../src/core/model/partition-set/partition-set-state.ts';
import { advanceTo, applyEvent, openPartitionSet } from '../../../src/core/evaluation/evaluate.ts';

const SHARDS = 2;
const levels = [
  { severity: 'warning', having: { calc: 'latest', property: 't', gt: 80 } },
  { severity: 'critical', having: { calc: 'latest', property: 't', gt: 100 } },
];
const rule = parseRule({
  id: 'r',
  clientId: 'c',
  where: [{ property: 'm', equals: '*' }],
  partitionBy: ['m'],
  evaluate: { type: 'any', levels },
  staleAfter: '10s',
});

const split = () => {
  const { head: coordinator, shares } = splitPartitionSet(
    openPartitionSet({ rule, ruleVersion: 1, group: [], atMs: 0 }),
    SHARDS,
  );
  return { head: coordinator, shards: shares.map((state) => resumePiece(rule, state)) };
};
/** Machines of a shard. */
const machinesOf = (shard: number, count: number): string[] =>
  Array.from({ length: 100 }, (_, index) => `m${index}`)
    .filter((m) => shardOf(partitionKey([m]), SHARDS) === shard)
    .slice(0, count);

describe('the partitions that a coordinator can name', () => {
  it('no longer include those of a shard that changed more partitions than it can name', () => {
    const { head: coordinator, shards } = split();
    let sequence = 0;
    const send = (shard: number, atMs: number, machines: string[]): void => {
      const set = shards[shard] as PartitionSet;
      for (const m of machines)
        applyEvent(
          set,
          projectEvent(
            set.rule,
            toEvent({ subject: 'events.c.status', payload: { m, t: 90 }, sequence: ++sequence, storedAtMs: atMs }),
          ),
        );
    };
    const barrier = (atMs: number): void => {
      const reports = shards.map((set, shard) => {
        advanceTo(set, atMs);
        const { share } = set.state as PieceState;
        return { shard, changes: share === undefined ? [] : takeChanges(share), holders: [] };
      });
      mergeReports(coordinator, reports, atMs);
    };
    const [many, other] = [machinesOf(0, LIMITS.evidenceItems + 5), machinesOf(1, 1)];
    send(0, 1_000, many);
    send(1, 5_000, other);
    barrier(6_000);
    expect(Object.keys(coordinator.state.partitions)).toHaveLength(many.length + other.length);
    barrier(11_000);
    expect(Object.keys(coordinator.state.partitions)).toEqual(other.map((m) => partitionKey([m])));
  });

  it('come back in the order in which they started to satisfy, oldest first', () => {
    const { head: coordinator } = split();
    const hot = (m: string, ...holds: boolean[]): void => keepName(coordinator, { key: [m], holds, item: null });
    hot('first', true, false);
    hot('second', true, false);
    hot('third', true, false);
    hot('first', true, true);
    const restored = resumePiece(rule, JSON.parse(JSON.stringify(coordinator.state)) as PartitionSetState);
    const [warning = [], critical = []] = restored.satisfying;
    expect([...warning]).toEqual(['first', 'second', 'third'].map((m) => partitionKey([m])));
    expect([...critical]).toEqual([partitionKey(['first'])]);
  });
});
