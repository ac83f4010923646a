import type { TopLevelCondition } from 'json-rules-engine';
import { parseRule } from '../../src/core/language/parse/parse-rule.ts';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import type { Bound } from '../row.ts';

/** A rule, a stream for it, and the same condition for json-rules-engine. */
export interface Workload {
  name: string;
  about: string;
  rule: Rule;
  machines: number;
  conditions: TopLevelCondition;
  /** The facts of an event for json-rules-engine. */
  facts: (event: MachineEvent) => Record<string, unknown>;
  /** For evaluation alone, against json-rules-engine. */
  target: Bound | null;
  aim: Bound;
}

const [TARGET, AIM] = [{ atLeast: 20 }, { atLeast: 50 }];

/** The payload of an event. */
export interface MachineEvent {
  machineId: string;
  state: string;
  celsius: number;
}

export const START_MS = Date.UTC(2026, 0, 1);
/** 100 events/s: with 50 machines, about 120 in a one-minute window. */
export const EVENT_EVERY_MS = 10;
/** Probability of a state change per event. */
const CHANGES_STATE = 0.02;
const STATES = ['running', 'stopped', 'stopped', 'fault'];
const SEED = 5;

/** Events of `machines` machines in random order, the same in every run. */
export function machineEvents(machines: number, count: number): MachineEvent[] {
  const random = seededRandom(SEED);
  const states = Array.from({ length: machines }, () => 'running');
  return Array.from({ length: count }, () => {
    const machine = Math.floor(random() * machines);
    if (random() < CHANGES_STATE) states[machine] = STATES[Math.floor(random() * STATES.length)] ?? 'running';
    return {
      machineId: `machine-${machine}`,
      state: states[machine] ?? 'running',
      celsius: 20 + Math.floor(random() * 100) / 10,
    };
  });
}

const ruleOf = (evaluate: object): Rule =>
  parseRule({
    id: 'bench',
    clientId: 'client-01',
    where: [
      { property: 'type', equals: 'status' },
      { property: 'machineId', equals: '*' },
    ],
    partitionBy: ['machineId'],
    evaluate,
  });

const isStatus = { fact: 'type', operator: 'equal', value: 'status' };
const isIn = (state: string): { fact: string; operator: string; value: string } => ({
  fact: 'state',
  operator: 'equal',
  value: state,
});

export const WORKLOADS: readonly Workload[] = [
  {
    name: 'seed',
    about: 'All of 5 machines are stopped (the seed rule: `all`, the latest state of each).',
    rule: ruleOf({ type: 'all', having: { calc: 'latest', property: 'state', equals: 'stopped' } }),
    machines: 5,
    conditions: { all: [isStatus, isIn('stopped')] },
    facts: ({ state }) => ({ type: 'status', state }),
    target: TARGET,
    aim: AIM,
  },
  {
    name: 'count',
    about: 'Any of 50 machines sent 150 events within a minute (a sliding window with about 120 samples each).',
    rule: ruleOf({ type: 'any', having: { calc: 'count', within: '1m', gte: 150 } }),
    machines: 50,
    conditions: { all: [isStatus, { fact: 'count', operator: 'greaterThanInclusive', value: 150 }] },
    facts: () => ({ type: 'status', count: 120 }),
    target: TARGET,
    aim: AIM,
  },
  {
    name: 'avg',
    about: 'Any of 50 machines has been warmer than 25.7 °C on average within a minute (a sliding window as above).',
    rule: ruleOf({ type: 'any', having: { calc: 'avg', property: 'celsius', within: '1m', gt: 25.7 } }),
    machines: 50,
    conditions: { all: [isStatus, { fact: 'avg', operator: 'greaterThan', value: 25.7 }] },
    facts: ({ celsius }) => ({ type: 'status', avg: celsius }),
    // An average costs more than a count, and the engine gets it precomputed.
    target: null,
    aim: TARGET,
  },
  {
    name: 'sequence',
    about: 'For each of 50 machines: a fault, then stopped within 10 seconds.',
    rule: ruleOf({
      type: 'sequence',
      steps: [
        { where: [{ property: 'state', equals: 'fault' }] },
        { where: [{ property: 'state', equals: 'stopped' }], within: '10s' },
      ],
    }),
    machines: 50,
    conditions: { all: [isStatus, { any: [isIn('fault'), isIn('stopped')] }] },
    facts: ({ state }) => ({ type: 'status', state }),
    target: TARGET,
    aim: AIM,
  },
];
