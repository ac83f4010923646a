import { beforeEach, describe, expect, it } from 'vitest';
import type { RunningPartitionSet, SetsOf } from '../../../src/temporal/client/partition-sets-client.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { RuleIndex } from '../../../src/core/matching/rule-index.ts';
import { learnChange, Reconciler } from '../../../src/ingest/reconcile/reconciler.ts';

const rule = (clientId: string) =>
  parseRule({
    id: 'r',
    clientId,
    where: [{ property: 'n', exists: true }],
    evaluate: { type: 'any', having: { calc: 'latest', property: 'n', gt: 0 } },
  });

/** A process that owns the clients whose names start with `mine`, and a Temporal where these sets run. */
function setUp(running: RunningPartitionSet[]) {
  const index = new RuleIndex();
  const listed: (SetsOf | undefined)[] = [];
  const delivered: string[] = [];
  const reconciler = new Reconciler({
    index,
    sets: {
      running(of) {
        listed.push(of);
        return Promise.resolve(running.filter(({ clientId }) => of === undefined || of.clientIds.includes(clientId)));
      },
      lost: () => Promise.resolve([]),
    },
    stream: () => Promise.resolve({ first: 1, last: 0, firstAtMs: 0 }),
    isYoung: () => true,
    isMine: (clientId) => clientId.startsWith('mine'),
    writtenTo: () => [],
    found: () => undefined,
    deliver: (setId, delivery) =>
      Promise.resolve(
        void delivered.push(
          delivery.kind === 'end' ? `${setId} ends: ${delivery.end.reason}` : `${setId} ${delivery.kind}`,
        ),
      ),
  });
  return {
    ...{ reconciler, listed, delivered },
    put: (clientId: string, version: number) =>
      void learnChange(index, { kind: 'put', rule: rule(clientId), version, storedAtMs: 0 }),
    remove: (clientId: string, version: number) =>
      void learnChange(index, { kind: 'delete', clientId, ruleId: 'r', version, storedAtMs: 0 }),
  };
}

const setOf = (clientId: string): RunningPartitionSet => ({
  workflowId: `${clientId}/rules/r/n.exists=true`,
  clientId,
  ruleId: 'r',
  version: 1,
  status: 'inactive',
});

let bench: ReturnType<typeof setUp>;
beforeEach(() => {
  bench = setUp(['mine-1', 'mine-2', 'mine-gone', 'mine-unknown', 'others-1', 'others-unknown'].map(setOf));
  bench.put('mine-1', 1);
  bench.put('mine-2', 2);
  bench.put('mine-new', 3);
  bench.remove('mine-gone', 4);
  bench.put('others-1', 5);
});

describe('reconciling all sets with all rules', () => {
  it('lists the sets of the clients of this process, including those with deleted rules, and no others', async () => {
    const { reconciler, listed } = bench;
    await reconciler.applyAll();
    expect(listed).toEqual([{ clientIds: ['mine-1', 'mine-2', 'mine-new', 'mine-gone'] }]);
  });

  it('starts missing sets, updates old ones, and ends those without a rule', async () => {
    const { reconciler, delivered } = bench;
    await reconciler.applyAll();
    expect(delivered.sort()).toEqual([
      'mine-2/rules/r/n.exists=true rule',
      'mine-gone/rules/r/n.exists=true ends: ruleDeleted',
      'mine-new/rules/r/n.exists=true rule',
    ]);
  });
});

describe('ending stray sets', () => {
  it('ends the sets of unknown clients of this process', async () => {
    const { reconciler, listed, delivered } = bench;
    await reconciler.endStrays();
    expect(listed).toEqual([undefined]);
    expect(delivered).toEqual(['mine-unknown/rules/r/n.exists=true ends: ruleDeleted']);
  });
});
