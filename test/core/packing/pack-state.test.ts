import { describe, expect, it } from 'vitest';
import { compileRule } from '../../../src/core/compilation/compile-rule.ts';
import { jsonBytes } from '../../../src/core/primitives/text/bytes.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import {
  STATE_VERSION,
  type PartitionSetState,
  type PartitionState,
} from '../../../src/core/model/partition-set/partition-set-state.ts';
import { packAlerts, unpackAlerts } from '../../../src/core/packing/pack-alerts.ts';
import { packState, unpackState } from '../../../src/core/packing/pack-state.ts';
import { partitionKey } from '../../../src/core/partition-set/partition-index.ts';
import { newPartition, newState } from '../../../src/core/partition-set/partition-set.ts';
import { openPartitionSet } from '../../../src/core/evaluation/evaluate.ts';
import { publishedAlerts } from '../../../src/core/evaluation/correction/correct-alerts.ts';

const START = Date.UTC(2026, 10, 20);
const rule = parseRule({
  id: 'r',
  clientId: 'c',
  where: [{ property: 'machine', equals: '*' }],
  partitionBy: ['machine'],
  evaluate: { type: 'each', having: { calc: 'latest', property: 'level', gt: 90 } },
});

const json = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** A set whose partitions have what most have. */
function stateOf(partitions: number, more: Partial<PartitionState> = {}): PartitionSetState {
  const compiled = compileRule(rule);
  const all = Array.from({ length: partitions }, (_, number): PartitionState => {
    const timeMs = START + number * 17;
    const sequence = 80_000_000 + number * 3;
    const key = [`plant-4.press-${number}`];
    return {
      ...newPartition(compiled, key),
      last: { timeMs, sequence },
      stores: [[timeMs, sequence, number % 90]],
      ...more,
    };
  });
  const state = newState({ rule, ruleVersion: 7, group: [], atMs: START });
  return { ...state, partitions: Object.fromEntries(all.map((each) => [partitionKey(each.key), each])) };
}

/** Fields that few partitions have. */
const RARE: PartitionState = {
  key: ['a', 1, true, null],
  last: {
    sequence: 5,
    timeMs: START,
    trace: '00-ab-cd-01',
    data: { 'a.b': { int: '9007199254740993' }, c: { json: '{' } },
  },
  stale: true,
  knownSince: START,
  stores: [
    [START, 5, { each: ['x', { json: '[1]' }] }],
    null,
    {
      samples: [[START, 5, { int: '90071992547409931' }]],
      before: null,
      slices: [],
      width: 0,
      long: true,
      keeps: 'rises',
    },
    { base: { since: START, newest: [START, 4, 'on'] }, samples: [] },
    [],
  ],
  memory: [{ truth: true, since: START, changedAt: null, ripe: false, overdueUntil: START + 1 }],
  holds: [3, -1, 0],
  latched: [null, { mark: [1, START, 2], unknown: false }],
  moment: START + 5,
  settings: { 'latest:limit': [START, 5, 80] },
  measured: 1.25,
  forgotten: true,
  sequence: {
    runs: [{ step: 1, at: START, count: 2, from: START, kept: [1, 'x'], overdueUntil: START }],
    held: true,
    unwanted: [null, START],
    recent: [[START, 5, { a: 1 }]],
    kept: [null],
  },
  alert: {
    phase: 'firing',
    episode: 3,
    severity: 'critical',
    changes: 2,
    since: START,
    ceased: { at: START, reason: 'staleData' },
    changedAt: START,
    remindAt: null,
    silent: true,
    latched: true,
    bySilence: true,
    overdue: { until: START, by: '["a"]' },
    levels: [{ on: true, truth: false, since: null, changedAt: START, reason: 'cleared', overdue: { until: START } }],
    acknowledged: { by: 'anna', at: START, note: 'on it' },
    snoozed: { by: 'anna', at: START, until: START + 9 },
    reacknowledge: { episode: 4, mark: { by: 'anna', at: START } },
    actedAt: START,
  },
  shown: { partition: { a: 1 }, value: 5 } as never,
  messageValues: { threshold: [80], event: { a: 'x' } },
};

describe('a packed state', () => {
  it.each<[what: string, state: PartitionSetState]>([
    ['no partition', stateOf(0)],
    ['one partition', stateOf(1)],
    ['many partitions', stateOf(50)],
    ['every field that a partition may have', { ...stateOf(3), partitions: { [partitionKey(RARE.key)]: RARE } }],
    [
      'a rare partition between many',
      { ...stateOf(3), partitions: { ...stateOf(9).partitions, [partitionKey(RARE.key)]: RARE } },
    ],
    [
      'fields of its own',
      { ...stateOf(2), overdue: { '["a"]': 5 }, waiting: { until: 3, events: [] }, settings: { s: [1, 2, 3] } },
    ],
  ])('with %s is read as it was', (_what, state) => {
    const read = unpackState(json(packState(state)));
    expect(read).toStrictEqual(json(state));
    expect(Object.keys(read.partitions)).toEqual(Object.keys(state.partitions));
  });

  it('has names and defaults once: a partition is hardly more than its key, its time and its value', () => {
    const [few, many] = [stateOf(1_000), stateOf(2_000)];
    expect((jsonBytes(packState(many)) - jsonBytes(packState(few))) / 1_000).toBeLessThan(60);
    expect((jsonBytes(many) - jsonBytes(few)) / 1_000).toBeGreaterThan(300);
  });

  it('of an older build, which did not pack, is read', () => {
    const old = { ...stateOf(2), v: 1 };
    expect(unpackState(json(old))).toEqual(old);
  });

  it('of a newer build is rejected before it is read', () => {
    const newer = { ...packState(stateOf(2)), v: STATE_VERSION + 1, packed: 'unknown' };
    expect(() => unpackState(newer as never)).toThrow(
      expect.objectContaining({
        code: 'STATE_VERSION_UNKNOWN',
        fields: { version: STATE_VERSION + 1, newest: STATE_VERSION },
      }) as Error,
    );
  });
});

it('the alerts that a set had published are read as they were, packed or not', () => {
  const set = openPartitionSet({ rule, ruleVersion: 1, group: [], atMs: START });
  const before = {
    ...publishedAlerts(set),
    alerts: [{ key: ['a'], alert: RARE.alert as never }, { alert: set.state.alert }],
  };
  expect(unpackAlerts(json(packAlerts(before)))).toStrictEqual(before);
  expect(unpackAlerts(before)).toBe(before);
});
