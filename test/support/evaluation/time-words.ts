import { parseDuration } from '../../../src/core/primitives/text/duration.ts';

/**
 * A word of the language that acts by time alone: the event, and the expected alerts without further events. Times in
 * units.
 */
export interface TimeWord {
  name: string;
  /** `unit(3)` is a duration of three units: seconds on real servers, minutes with time skipping. */
  rule: (unit: (count: number) => string) => object;
  /** The only event, at the start. */
  event: Record<string, unknown>;
  /** Units after the event (plus milliseconds), status and reason. */
  expected: readonly (readonly [units: number, status: string, reason: string, extraMs?: number])[];
}

const any = (having: object) => ({ type: 'any', having });
const hot = { calc: 'latest', property: 'temp', gt: 80 };
const event = { machineId: 'm1', temp: 90, state: 'open' };

export const TIME_WORDS: readonly TimeWord[] = [
  {
    name: 'for',
    rule: (unit) => ({ evaluate: any(hot), for: unit(2) }),
    event,
    expected: [[2, 'firing', 'condition']],
  },
  {
    name: 'for of a leaf',
    rule: (unit) => ({ evaluate: any({ ...hot, for: unit(2) }) }),
    event,
    expected: [[2, 'firing', 'condition']],
  },
  {
    name: 'a window that empties',
    rule: (unit) => ({ evaluate: any({ calc: 'count', within: unit(2), gte: 1 }) }),
    event,
    expected: [
      [0, 'firing', 'condition'],
      [2, 'resolved', 'cleared'],
    ],
  },
  {
    name: 'keepFiringFor',
    rule: (unit) => ({ evaluate: any({ calc: 'count', within: unit(1), gte: 1 }), keepFiringFor: unit(2) }),
    event,
    expected: [
      [0, 'firing', 'condition'],
      [3, 'resolved', 'cleared'],
    ],
  },
  {
    name: 'unchanged',
    rule: (unit) => ({ evaluate: any({ calc: 'unchanged', property: 'state', gte: unit(2) }) }),
    event,
    expected: [[2, 'firing', 'condition']],
  },
  {
    name: 'age',
    rule: (unit) => ({ evaluate: any({ calc: 'age', gt: unit(2) }) }),
    event,
    expected: [[2, 'firing', 'condition', 1]],
  },
  {
    name: 'staleAfter',
    rule: (unit) => ({ evaluate: any(hot), staleAfter: unit(2) }),
    event,
    expected: [
      [0, 'firing', 'condition'],
      [2, 'resolved', 'staleData'],
    ],
  },
  {
    name: 'noData alert',
    rule: (unit) => ({ evaluate: any({ ...hot, gt: 100 }), noData: { after: unit(2), then: 'alert' } }),
    event,
    expected: [[2, 'firing', 'noData']],
  },
  {
    name: 'noData resolve',
    rule: (unit) => ({ evaluate: any(hot), noData: { after: unit(2), then: 'resolve' } }),
    event,
    expected: [
      [0, 'firing', 'condition'],
      [2, 'resolved', 'noData'],
    ],
  },
  {
    name: 'repeat',
    rule: (unit) => ({ evaluate: any(hot), repeat: unit(1), staleAfter: unit(3) }),
    event,
    expected: [
      [0, 'firing', 'condition'],
      [1, 'reminder', 'condition'],
      [2, 'reminder', 'condition'],
      [3, 'resolved', 'staleData'],
    ],
  },
  {
    name: 'a sequence that waits for nothing to happen',
    rule: (unit) => ({
      evaluate: {
        type: 'sequence',
        steps: [
          { where: [{ property: 'state', equals: 'open' }] },
          { not: { where: [{ property: 'state', equals: 'shut' }] }, within: unit(2) },
        ],
      },
    }),
    event,
    expected: [[2, 'firing', 'condition']],
  },
];

/** The rule of a word for a client. */
export function ruleOf(word: TimeWord, clientId: string, unitSuffix: 's' | 'm'): object {
  return {
    id: word.name.toLowerCase().replaceAll(' ', '-'),
    clientId,
    where: [{ property: 'machineId', equals: '*' }],
    partitionBy: ['machineId'],
    ...word.rule((count) => `${count}${unitSuffix}`),
  };
}

/** The expected alerts: `<ms after the event> <status> <reason>`. */
export function expectedOf({ expected }: TimeWord, unitSuffix: 's' | 'm'): string[] {
  const unitMs = parseDuration(`1${unitSuffix}`) ?? 0;
  return expected.map(([units, status, reason, extraMs = 0]) => `${units * unitMs + extraMs} ${status} ${reason}`);
}
