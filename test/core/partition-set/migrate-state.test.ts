import { describe, expect, it } from 'vitest';
import { VigilError } from '../../../src/core/primitives/errors.ts';
import { migrateState, type StateVersions } from '../../../src/core/partition-set/migrate-state.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { splitPartitionSet } from '../../../src/core/sharding/split.ts';
import { STATE_VERSION, type PartitionSetState } from '../../../src/core/model/partition-set/partition-set-state.ts';
import { openPartitionSet, resumePartitionSet } from '../../../src/core/evaluation/evaluate.ts';

interface Grown {
  v: number;
  steps: string[];
}

/** Versions 1 and 2 are older, 3 is the version of the build. */
const versions: StateVersions = {
  newest: 3,
  migrations: {
    1: (state) => void (state as Grown).steps.push('from 1'),
    2: (state) => void (state as Grown).steps.push('from 2'),
  },
};

describe('a carried state', () => {
  it.each([
    [1, ['from 1', 'from 2']],
    [2, ['from 2']],
    [3, []],
  ])('of version %i is migrated step by step, in place', (v, steps) => {
    const state: Grown = { v, steps: [] };
    migrateState(state, versions);
    expect(state).toEqual({ v: 3, steps });
  });

  it.each([0, 4, 1.5, NaN, undefined, null, '1'])('of version %s is rejected, and stays unchanged', (v) => {
    const state = { v, steps: [] } as unknown as Grown;
    expect(() => migrateState(state, versions)).toThrow(VigilError);
    expect(state).toEqual({ v, steps: [] });
  });

  it('is rejected if a migration is missing, before anything changes', () => {
    const state: Grown = { v: 1, steps: [] };
    const { 1: first } = versions.migrations;
    expect(() => migrateState(state, { newest: 3, migrations: first === undefined ? {} : { 1: first } })).toThrow(
      VigilError,
    );
    expect(state.steps).toEqual([]);
  });
});

describe('a partition set that resumes from the state of a newer build', () => {
  const rule = parseRule({
    id: 'r',
    clientId: 'c',
    where: [{ property: 'm', equals: '*' }],
    partitionBy: ['m'],
    evaluate: { type: 'any', having: { calc: 'latest', property: 's', equals: 'off' } },
  });
  const set = openPartitionSet({ rule, ruleVersion: 1, group: [], atMs: 0 });
  const { head, shares } = splitPartitionSet(openPartitionSet({ rule, ruleVersion: 1, group: [], atMs: 0 }), 2);

  it.each<[what: string, state: PartitionSetState | undefined]>([
    ['a whole partition set', set.state],
    ['the coordinator of a split set', head.state],
    ['a shard', shares[0]],
  ])('%s: reports what to do instead of reading it', (_what, state) => {
    const newer = { ...state, v: STATE_VERSION + 1 } as unknown as PartitionSetState;
    const opening = (): unknown => resumePartitionSet(rule, newer);
    expect(opening).toThrow(
      expect.objectContaining({
        code: 'STATE_VERSION_UNKNOWN',
        fields: { version: STATE_VERSION + 1, newest: STATE_VERSION },
      }) as Error,
    );
    expect(opening).toThrow(/Run the build that wrote it/);
  });
});
