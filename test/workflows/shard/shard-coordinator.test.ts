import { describe, expect, it } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { splitPartitionSet } from '../../../src/core/sharding/split.ts';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import { openPartitionSet } from '../../../src/core/evaluation/evaluate.ts';
import { coordinateShares } from '../../../workflows/shard/coordinate-shares.ts';
import type { ShardCoordinator } from '../../../workflows/shard/shard-coordinator.ts';

const SHARDS = 2;
const stored: StoredRule = {
  rule: parseRule({
    id: 'r',
    clientId: 'c',
    where: [{ property: 'm', equals: '*' }],
    partitionBy: ['m'],
    evaluate: { type: 'any', having: { calc: 'latest', property: 't', gt: 80 } },
  }),
  version: 1,
  storedAtMs: 0,
};

/** A coordinator whose newest event was stored at 930 ms. */
function coordinatorAt930({ isExact = true } = {}): ShardCoordinator {
  const { shares } = splitPartitionSet(
    openPartitionSet({ rule: stored.rule, ruleVersion: 1, group: [], atMs: 0 }),
    SHARDS,
  );
  const coordinator = coordinateShares(
    { setId: 's', epoch: 'e', rule: stored, shares, nowMs: 0, unpublished: [], signalsPerRun: undefined },
    () => isExact,
  );
  coordinator.forward({ seq: 1, at: 930, time: 930, data: { m: 'm1', t: 90 } });
  coordinator.flush();
  return coordinator;
}

/** The messages to each shard, without events. */
const barriers = ({ outboxes }: ShardCoordinator): string[][] =>
  outboxes.all.map(({ letters: messages }) =>
    messages
      .filter(({ kind }) => kind !== 'events')
      .map((message) => (message.kind === 'cut' ? `cut ${message.untilMs}` : message.kind)),
  );
const toEach = (...messages: string[]): string[][] => Array.from({ length: SHARDS }, () => messages);

it('a shard coordinator gives each shard its part of the quota of partitions', () => {
  const coordinator = coordinatorAt930();
  coordinator.partitionsMax = 5;
  coordinator.forward({ seq: 2, at: 931, time: 931, data: { m: 'm1', t: 90 } });
  coordinator.flush();
  const parts = coordinator.outboxes.all.flatMap(({ letters: messages }) =>
    messages.flatMap((message) => (message.kind === 'events' ? [message.partitionsMax] : [])),
  );
  expect(parts).toEqual([undefined, 3]);
});

describe('the barriers of a shard coordinator', () => {
  it.each([
    [900, 'cut 929', 'because the event must not be judged before earlier deadlines'],
    [930, 'cut 930', 'because all events of its moment have arrived'],
    [2_000, 'cut 2000', 'because nothing else has arrived'],
  ])('the clock reaches %i, the newest event is of 930: %s, %s', (saidMs, message) => {
    const coordinator = coordinatorAt930();
    coordinator.advanceTo(saidMs);
    expect(barriers(coordinator)).toEqual(toEach(message));
  });

  it('for a new rule, and for an end, come after everything that was due under the old one', () => {
    const coordinator = coordinatorAt930();
    coordinator.changeRule({ ...stored, version: 2 });
    coordinator.end({ reason: 'ruleDeleted', version: 3, atMs: 1_000 });
    expect(barriers(coordinator)).toEqual(toEach('cut 929', 'rule', 'cut 929', 'end'));
  });

  it('are unchanged in runs that started before the patch', () => {
    const coordinator = coordinatorAt930({ isExact: false });
    coordinator.advanceTo(900);
    coordinator.changeRule({ ...stored, version: 2 });
    expect(barriers(coordinator)).toEqual(toEach('cut 900', 'rule'));
  });
});
