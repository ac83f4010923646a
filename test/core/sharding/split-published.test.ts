import { describe, expect, it } from 'vitest';
import { compileRule } from '../../../src/core/compilation/compile-rule.ts';
import type { AlertComparison } from '../../../src/core/evaluation/correction/compare-published.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { newAlert } from '../../../src/core/model/partition-set/partition-set-state.ts';
import { partitionKey } from '../../../src/core/partition-set/partition-index.ts';
import type { Scalar } from '../../../src/core/primitives/value.ts';
import { shardOf } from '../../../src/core/sharding/shard-of.ts';
import { splitComparison, splitPublished } from '../../../src/core/sharding/split-published.ts';

const SHARDS = 3;
const MACHINES = ['a', 'b', 'c', 'd', 'e'];
const alert = newAlert('warning');
const homeOf = (...key: Scalar[]): number => shardOf(partitionKey(key), SHARDS);

const ruleOf = (type: 'each' | 'any', partitionBy?: string[]) =>
  compileRule(
    parseRule({
      ...{ id: 'hot', clientId: 'client-01', where: [{ property: 'm', equals: '*' }] },
      ...(partitionBy !== undefined && { partitionBy }),
      evaluate: { type, having: { calc: 'latest', property: 't', gt: 80 } },
    }),
  );

function comparisonOf(partitions: Record<string, Record<string, Scalar>>): AlertComparison {
  const alerts: AlertComparison['alerts'] = {};
  for (const [place, partition] of Object.entries(partitions)) alerts[place] = { partition, alert, isSame: false };
  return { untilMs: 2, generation: 'g', ruleVersion: 1, lostFromMs: 1, alerts };
}

const placesOf = ({ alerts }: AlertComparison): string[] => Object.keys(alerts);

describe('what a set is compared with, when it is split', () => {
  it('goes to the shards of its partitions', () => {
    const comparison = comparisonOf(Object.fromEntries(MACHINES.map((m) => [`m=${m}`, { m }])));
    const { own, shares } = splitComparison(ruleOf('each', ['m']), comparison, SHARDS);
    expect(placesOf(own)).toEqual([]);
    expect(shares.map(placesOf)).toEqual(
      shares.map((_, shard) => MACHINES.filter((m) => homeOf(m) === shard).map((m) => `m=${m}`)),
    );
    expect(shares.map(({ untilMs, generation }) => [untilMs, generation])).toEqual(shares.map(() => [2, 'g']));
  });

  it.each([
    ['stays with the coordinator if it is the alert of the set', 'any', ['m'], null],
    ['goes to a shard if the only partition has no properties', 'each', undefined, homeOf()],
  ] as const)('%s', (_what, type, partitionBy, home) => {
    const rule = ruleOf(type, partitionBy && [...partitionBy]);
    const { own, shares } = splitComparison(rule, comparisonOf({ '': {} }), SHARDS);
    expect([own, ...shares].map((piece) => placesOf(piece).length)).toEqual(
      [null, 0, 1, 2].map((piece) => Number(piece === home)),
    );
  });

  it('goes where a later version of the rule has its partitions', () => {
    const { shares } = splitComparison(ruleOf('each', ['m']), comparisonOf({ 'line=7': { line: 7 } }), SHARDS);
    expect(shares.map((share) => placesOf(share).length)).toEqual(
      [0, 1, 2].map((shard) => Number(shard === homeOf(7))),
    );
  });
});

it('the published alerts of a muted set go to the shards of their partitions, and its own stays', () => {
  const alerts = [{ alert }, ...MACHINES.map((m) => ({ key: [m], alert }))];
  const { own, shares } = splitPublished({ generation: 'g', alerts }, SHARDS);
  expect(own).toEqual({ generation: 'g', alerts: [{ alert }] });
  expect(shares.map((share) => share.alerts.map(({ key }) => key?.[0]))).toEqual(
    shares.map((_, shard) => MACHINES.filter((m) => homeOf(m) === shard)),
  );
});
