import { describe, expect, it } from 'vitest';
import { parseRule } from '../../src/core/language/parse-rule.ts';
import { splitPartitionSet } from '../../src/core/sharding/split.ts';
import type { StoredRule } from '../../src/core/model/stored-rule.ts';
import { openPartitionSet } from '../../src/core/evaluation/evaluate.ts';
import { ShardCoordinator } from '../../workflows/shard/shard-coordinator.ts';

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

/** Of a set whose newest event was stored at 930 ms. */
function deskAt930({ isExact = true } = {}): ShardCoordinator {
  const { shares } = splitPartitionSet(
    openPartitionSet({ rule: stored.rule, ruleVersion: 1, group: [], atMs: 0 }),
    SHARDS,
  );
  const coordinator = ShardCoordinator.split(
    { setId: 's', epoch: 'e', rule: stored, shares, nowMs: 0, unpublished: [], signalsPerRun: undefined },
    () => isExact,
  );
  coordinator.forward({ seq: 1, at: 930, time: 930, data: { m: 'm1', t: 90 } });
  coordinator.flush();
  return coordinator;
}

/** What each shard is told, but for events. */
const barriers = ({ outboxes: boxes }: ShardCoordinator): string[][] =>
  boxes.all.map(({ letters: messages }) =>
    messages
      .filter(({ kind }) => kind !== 'events')
      .map((message) => (message.kind === 'cut' ? `cut ${message.untilMs}` : message.kind)),
  );
const toEach = (...messages: string[]): string[][] => Array.from({ length: SHARDS }, () => messages);

describe('what the head of a split set asks its shards', () => {
  it.each([
    [900, 'cut 929', 'as the event may not be judged before what was due by then'],
    [930, 'cut 930', 'as all of its moment has come'],
    [2_000, 'cut 2000', 'as nothing else has come'],
  ])('time comes to %i, the newest event is of 930: %s, %s', (saidMs, message) => {
    const coordinator = deskAt930();
    coordinator.advanceTo(saidMs);
    expect(barriers(coordinator)).toEqual(toEach(message));
  });

  it('a new rule, and an end, come when all that was due under the old one is judged', () => {
    const coordinator = deskAt930();
    coordinator.changeRule({ ...stored, version: 2 });
    coordinator.end({ reason: 'ruleDeleted', version: 3, atMs: 1_000 });
    expect(barriers(coordinator)).toEqual(toEach('cut 929', 'rule', 'cut 929', 'end'));
  });

  it('is what it was, in runs that began when it was so', () => {
    const coordinator = deskAt930({ isExact: false });
    coordinator.advanceTo(900);
    coordinator.changeRule({ ...stored, version: 2 });
    expect(barriers(coordinator)).toEqual(toEach('cut 900', 'rule'));
  });
});
