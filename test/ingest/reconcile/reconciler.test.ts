import { beforeEach, describe, expect, it } from 'vitest';
import type { RunningPartitionSet, SetsOf } from '../../../src/temporal/client/partition-sets-client.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { RuleIndex } from '../../../src/core/matching/rule-index.ts';
import type { RulePause, RuleResume } from '../../../src/core/model/stored-rule/rule-pause.ts';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
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
          delivery.kind === 'end'
            ? `${setId} ends: ${delivery.end.reason}`
            : `${setId} ${delivery.kind}${delivery.kind === 'rule' && delivery.place?.ranBefore === true ? ' again' : ''}`,
        ),
      ),
  });
  return {
    ...{ reconciler, listed, delivered },
    put: (clientId: string, version: number) =>
      void learnChange(index, { kind: 'put', rule: rule(clientId), version, storedAtMs: 0 }),
    turn: (clientId: string, version: number, pauses: Pick<StoredRule, 'pause' | 'resumed'>) =>
      learnChange(index, { kind: 'put', rule: rule(clientId), version, storedAtMs: 100 * version, ...pauses }),
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

describe('a rule that is paused and resumed', () => {
  const SET = 'mine-1/rules/r/n.exists=true';
  const pause: RulePause = { sinceMs: 600, fromMs: 600, by: null, of: 'rule' };
  const resumed = (mode: RuleResume['mode'], fromMs: number): RuleResume => ({ mode, fromMs, version: 7 });

  it('goes on with its sets; a resume needs the events since the pause', async () => {
    const { reconciler, delivered, turn } = bench;
    const paused = turn('mine-1', 6, { pause });
    expect(paused).toMatchObject({ missingFromMs: null, goesOn: true });
    await reconciler.apply(paused);
    const publishing = turn('mine-1', 7, { resumed: resumed('publish', 600) });
    expect(publishing).toMatchObject({ missingFromMs: 600, goesOn: true });
    await reconciler.apply(publishing);
    // A set that no longer runs is rebuilt.
    expect(delivered).toEqual([`${SET} rule again`, `${SET} rule again`]);
    expect(turn('mine-1', 8, { resumed: resumed('publish', 600) })).toMatchObject({
      missingFromMs: null,
      goesOn: true,
    });
  });

  it('is given what it misses, too, by a reader that learns of the resume from a later version', () => {
    bench.turn('mine-1', 6, { pause });
    const later = bench.turn('mine-1', 8, { pause: { ...pause, fromMs: 800 }, resumed: resumed('publish', 600) });
    expect(later).toMatchObject({ missingFromMs: 600, goesOn: true });
  });

  it('afresh: its sets end and begin anew, once', async () => {
    const { reconciler, delivered, turn } = bench;
    await reconciler.apply(turn('mine-1', 6, { pause }));
    const afresh = turn('mine-1', 7, { resumed: resumed('afresh', 700) });
    expect(afresh).toMatchObject({ missingFromMs: 700, goesOn: false });
    delivered.length = 0;
    await reconciler.apply(afresh);
    expect(delivered).toEqual([`${SET} ends: ruleResumed`, `${SET} rule`]);
    // Visibility lists the old version for a while: the repetition changes nothing in a set that has begun anew.
    delivered.length = 0;
    await reconciler.applyAll((clientId) => clientId === 'mine-1');
    expect(delivered).toEqual([`${SET} ends: ruleResumed`, `${SET} rule`]);
  });
});
