import { expect, it } from 'vitest';
import { plotOf, type Plot } from '../../src/core/explain/plot.ts';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import { PlotTrack } from '../../src/offline/plot-track.ts';

const SECOND_MS = 1_000;
const RULE: Rule = {
  id: 'hot',
  clientId: 'client-01',
  where: [{ property: 'type', equals: 'temperature' }],
  groupBy: ['hall'],
  partitionBy: ['machineId'],
  evaluate: { type: 'each', having: { calc: 'latest', property: 'celsius', gt: 80 } },
};
const withHaving = (having: object): Rule => ({ ...RULE, evaluate: { type: 'each', having } as Rule['evaluate'] });
type Sent = [second: number, celsius: unknown, changes?: object, lateBySeconds?: number];

/** What is drawn from second 0 to second 100: `second: value`. */
function pointsOf(rule: Rule, sent: readonly Sent[], beginsMs = -60 * SECOND_MS): string[] {
  const place = { group: ['a'], partition: ['m1'], beginsMs, fromMs: 0, toMs: 100 * SECOND_MS };
  const track = new PlotTrack(rule, plotOf(rule) as Plot, place);
  for (const [index, [second, celsius, changes, lateBy = 0]] of sent.entries()) {
    const data = { type: 'temperature', hall: 'a', machineId: 'm1', celsius, ...changes } as never;
    const at = { timeMs: second * SECOND_MS, storedAtMs: (second + lateBy) * SECOND_MS };
    track.play({ clientId: 'client-01', type: 'temperature', sequence: index + 1, ...at, data });
  }
  track.finish(place.toMs);
  return track.points.map(({ atMs, value }) => `${atMs / SECOND_MS}: ${String(value)}`);
}

const valueOf = (point: string | undefined): string | undefined => point?.split(' ')[1];
/** Only where the value changes. */
const drawn = (rule: Rule, sent: readonly Sent[]): string[] =>
  pointsOf(rule, sent).filter((point, index, all) => valueOf(all[index - 1]) !== valueOf(point));

it.each<[what: string, rule: Rule, sent: Sent[], points: string[]]>([
  [
    'the newest value, at its time',
    RULE,
    [
      [7, 70],
      [21, 90],
    ],
    ['0: null', '7: 70', '21: 90'],
  ],
  [
    'only of this group and partition',
    RULE,
    [
      [7, 70],
      [8, 1, { hall: 'b' }],
      [9, 2, { machineId: 'm2' }],
      [10, 3, { type: 'status' }],
    ],
    ['0: null', '7: 70'],
  ],
  [
    'an average, which knows what came before, and changes without an event when a value leaves its window',
    withHaving({ calc: 'avg', property: 'celsius', within: '60s', gt: 80 }),
    [
      [-20, 60],
      [20, 100],
    ],
    ['0: 60', '20: 80', '40: 100', '80: null'],
  ],
  [
    'a count',
    withHaving({ calc: 'count', within: '60s', gt: 1 }),
    [
      [0, 1],
      [10, 1],
    ],
    ['0: 1', '10: 2', '60: 1', '70: 0'],
  ],
  [
    'only the values that the condition chooses',
    withHaving({ calc: 'latest', property: 'celsius', where: [{ property: 'ok', equals: true }], gt: 80 }),
    [
      [7, 70, { ok: true }],
      [8, 99, { ok: false }],
    ],
    ['0: null', '7: 70'],
  ],
  ['nothing of what is no number', RULE, [[7, 'hot']], ['0: null']],
  ['whole numbers with many digits', RULE, [[7, 2n ** 60n]], ['0: null', `7: ${2 ** 60}`]],
  [
    'the sum of all partitions',
    { ...RULE, evaluate: { type: 'sum', of: { calc: 'latest', property: 'celsius' }, gt: 100 } },
    [
      [7, 70],
      [9, 50, { machineId: 'm2' }],
    ],
    ['0: null', '7: 70', '9: 120'],
  ],
  ['the values of a rule that is off', { ...RULE, enabled: false }, [[7, 70]], ['0: null', '7: 70']],
])('draws %s', (_what, rule, sent, points) => expect(drawn(rule, sent)).toEqual(points));

it('has of equal values the first and the last, and holds the newest to the end', () => {
  const sent: Sent[] = [7, 8, 9, 10].map((second) => [second, second < 10 ? 70 : 80]);
  expect(pointsOf(RULE, sent)).toEqual(['0: null', '6.8: null', '7: 70', '9: 70', '10: 80', '100: 80']);
});

it('has a newest value that came late since its own time', () => {
  const sent: Sent[] = [5, 15].map((second) => [second, second, {}, 30]);
  expect(pointsOf(RULE, sent)).toEqual(['0: null', '5: 5', '15: 15', '100: 15']);
});
