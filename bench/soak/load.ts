import { parseRule } from '../../src/core/language/parse/parse-rule.ts';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import type { Payload } from '../servers/system/stream.ts';

const MACHINES = 50;
const TYPE = 'status';
/** In every other slot, one machine is stopped. */
const STOP_SLOT_MS = 2_000;
const SHIFT_MS = 5_000;
/** The temperature of the first machines oscillates, each with its own phase. */
const [WARM_MACHINES, WARM_PERIOD_MS] = [3, 20_000];

export const CLIENTS = Array.from({ length: 5 }, (_, n) => `soak-${n}`);

/** Four rules that match every event: latest value, window, `for`, and `expect`. */
const rulesOf = (clientId: string): Rule[] => {
  const rule = (id: string, rest: object): Rule =>
    parseRule({
      id,
      clientId,
      where: [
        { property: 'type', equals: TYPE },
        { property: 'machineId', equals: '*' },
      ],
      partitionBy: ['machineId'],
      ...rest,
    });
  const expect = Array.from({ length: MACHINES }, (_, n) => ({ machineId: `m${n}` }));
  return [
    rule('any-stopped', {
      evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
    }),
    rule('each-warm', { evaluate: { type: 'each', having: { calc: 'avg', property: 'temp', within: '5s', gt: 60 } } }),
    rule('any-hot-for', { evaluate: { type: 'any', having: { calc: 'latest', property: 'temp', gt: 80, for: '1s' } } }),
    rule('all-on-day-shift', {
      expect,
      evaluate: { type: 'all', having: { calc: 'latest', property: 'shift', equals: 'day' } },
    }),
  ];
};

export const RULES = CLIENTS.flatMap(rulesOf);
/** Number of sets that each event is for. */
export const SETS_PER_EVENT = RULES.length / CLIENTS.length;

/**
 * The `number`th event, with the state of its machine at `atMs`, epoch ms. Cycles through all machines of all clients.
 */
export function eventAt(number: number, atMs: number): Payload {
  const client = number % CLIENTS.length;
  const machine = Math.floor(number / CLIENTS.length) % MACHINES;
  const slot = Math.floor(atMs / STOP_SLOT_MS) + client;
  const isStopped = slot % 2 === 1 && machine === slot % MACHINES;
  const turn = 2 * Math.PI * (atMs / WARM_PERIOD_MS + client / CLIENTS.length + machine / MACHINES);
  return {
    subject: `events.${CLIENTS[client] ?? ''}.${TYPE}`,
    data: {
      machineId: `m${machine}`,
      state: isStopped ? 'stopped' : 'running',
      temp: machine < WARM_MACHINES ? Math.round(50 + 40 * Math.sin(turn)) : 40,
      shift: (Math.floor(atMs / SHIFT_MS) + client) % 2 === 0 ? 'day' : 'night',
    },
  };
}
