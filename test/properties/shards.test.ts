import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { AlertEnvelope } from '../../src/core/model/alert/alert.ts';
import { LIMITS } from '../../src/core/primitives/limits.ts';
import { VigilError } from '../../src/core/primitives/errors.ts';
import { parseRule } from '../../src/core/language/parse/parse-rule.ts';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import {
  HALF_HOUR_UPLOADS,
  HALF_HOURS,
  LONG_IDS,
  NUMBERS_OF_ALL_SIZES,
  SECONDS,
  START,
  streams,
  UPLOADS,
  type StreamShape,
} from './arbitrary/arbitrary-events.ts';
import { interruptions, turnsWith } from './arbitrary/arbitrary-interruptions.ts';
import { LATCHING_NUMBERS, ruleWithClear } from './arbitrary/rules/arbitrary-latch.ts';
import { ruleOfLongIds, ruleOfValues, ruleOverPartitions } from './arbitrary/rules/arbitrary-rule.ts';
import { ruleOfSchedule } from './arbitrary/rules/rule-of-schedule.ts';
import { ruleOfSteps } from './arbitrary/rules/rule-of-steps.ts';
import { ruleOfElements } from './arbitrary/rules/rule-of-elements.ts';
import { play, type Recording } from './play/play.ts';
import { playLoss } from './play/play-loss.ts';
import { runsOr, seeded } from './runs.ts';
import { isOwn, playSplit, type Splitting, type Turn } from './play/play-shards.ts';

const RUNS = runsOr(500);
const NEVER: Splitting = { at: Infinity, shards: 0 };
const PATIENT_MS = 30 * RUNS + 120_000;
const QUIET_UNITS = 26;
const PARTITIONS = ['a', 'b', 'c', 'd', 'e'];

/** Rules, with the streams that suit their durations. */
interface Kind {
  name: string;
  rules: fc.Arbitrary<object>;
  shape: StreamShape;
  runs: number;
}

const KINDS: Kind[] = [
  {
    name: 'any rule',
    rules: fc.oneof({ weight: 5, arbitrary: ruleOverPartitions() }, ruleOfSteps()),
    shape: { ...SECONDS, length: 20, partitions: PARTITIONS },
    runs: RUNS,
  },
  { name: 'ids of many digits', rules: ruleOfLongIds(), shape: { ...LONG_IDS, length: 20 }, runs: RUNS / 2 },
  {
    name: 'a rule with clear',
    rules: ruleWithClear(),
    shape: { ...SECONDS, length: 24, partitions: PARTITIONS, numbers: LATCHING_NUMBERS },
    runs: RUNS / 2,
  },
  {
    name: 'a rule with clear whose events are uploaded together',
    rules: ruleWithClear(),
    shape: { ...UPLOADS, length: 24, numbers: LATCHING_NUMBERS },
    runs: RUNS / 2,
  },
  {
    name: 'a rule about elements of lists',
    rules: ruleOfElements(),
    shape: { ...SECONDS, length: 20, partitions: PARTITIONS },
    runs: RUNS / 2,
  },
  {
    name: 'a rule of values across partitions',
    rules: ruleOfValues(),
    shape: { ...SECONDS, length: 20, partitions: PARTITIONS, numbers: NUMBERS_OF_ALL_SIZES },
    runs: RUNS / 2,
  },
  {
    name: 'a rule whose events are uploaded together',
    rules: fc.oneof({ weight: 5, arbitrary: ruleOverPartitions() }, ruleOfSteps()),
    shape: UPLOADS,
    runs: RUNS / 2,
  },
  {
    name: 'a rule with a schedule',
    rules: ruleOfSchedule(START),
    shape: { ...HALF_HOURS, length: 16, partitions: PARTITIONS },
    runs: RUNS / 2,
  },
  {
    name: 'a rule with a schedule, of uploads',
    rules: ruleOfSchedule(START),
    shape: HALF_HOUR_UPLOADS,
    runs: RUNS / 2,
  },
];

const endOf = (last: number, { unit }: StreamShape): number => last + QUIET_UNITS * unit;
const splittings: fc.Arbitrary<Splitting> = fc.record({
  at: fc.integer({ min: 0, max: 12 }),
  shards: fc.integer({ min: 2, max: 4 }),
});

/**
 * All of an alert except the values and the order of the evidence, which messages may print: the coordinator knows named
 * partitions as of their last change. The value of the set is exact.
 */
function comparable({ id, subject, time, data: { evidence, message, ...data } }: AlertEnvelope): object {
  const value = /value \S+/.exec(message)?.[0];
  const names = evidence.items.map(({ partition }) => JSON.stringify(partition));
  return { id, subject, time, data, value, evidence: { total: evidence.total, names: names.sort() } };
}

const byId = (alerts: readonly AlertEnvelope[]): AlertEnvelope[] => alerts.toSorted((a, b) => (a.id < b.id ? -1 : 1));

/** Without the changes that no rule allows. */
function onlyValid(first: Rule, turns: readonly Turn[]): Turn[] {
  let rule = first;
  return turns.map(({ change, ...turn }): Turn => {
    if (change === undefined) return turn;
    try {
      rule = parseRule({ ...rule, ...change });
      return { ...turn, change };
    } catch (error) {
      if (error instanceof VigilError) return turn;
      throw error;
    }
  });
}

const hasEverOwn = (rule: Rule, turns: readonly Turn[]): boolean =>
  isOwn(rule) || turns.some(({ change }) => change !== undefined && 'evaluate' in change && isOwn(change as Rule));

describe.each(KINDS)('a partition set of $name that is split on its way', ({ rules, shape, runs }) => {
  it(
    'publishes exactly what it would have published as a whole',
    () => {
      fc.assert(
        fc.property(
          rules,
          streams(shape),
          splittings,
          interruptions,
          (definition, { arrivals, end }, splitting, between) => {
            const recording: Recording = {
              rule: parseRule(definition),
              start: START,
              until: endOf(end, shape),
              arrivals,
            };
            const [whole, split] = [play(recording).alerts, playSplit(recording, splitting, between)];
            // Alerts of partitions come from several shards: each has its own order.
            const inOrder = isOwn(recording.rule) ? byId : (alerts: AlertEnvelope[]) => alerts;
            expect(inOrder(split).map(comparable)).toEqual(inOrder(whole).map(comparable));
          },
        ),
        { numRuns: runs, ...seeded },
      );
    },
    PATIENT_MS,
  );

  it(
    'publishes exactly what it would have published as a whole if its rule is changed meanwhile',
    () => {
      fc.assert(
        fc.property(
          rules,
          streams(shape),
          splittings,
          turnsWith(rules),
          (definition, { arrivals, end }, splitting, drawn) => {
            const recording: Recording = {
              rule: parseRule(definition),
              start: START,
              until: endOf(end, shape),
              arrivals,
            };
            const turns = onlyValid(recording.rule, drawn);
            const [whole, split] = [playSplit(recording, NEVER, turns), playSplit(recording, splitting, turns)];
            const inOrder = hasEverOwn(recording.rule, turns) ? byId : (alerts: AlertEnvelope[]) => alerts;
            expect(inOrder(split).map(comparable)).toEqual(inOrder(whole).map(comparable));
          },
        ),
        { numRuns: runs / 2, ...seeded },
      );
    },
    PATIENT_MS,
  );
});

/** Without those of the time that the alert stream covers that are not published again. */
const withoutPeriodic = (alerts: readonly AlertEnvelope[]): AlertEnvelope[] =>
  alerts.filter(({ data }) => !['heartbeat', 'reminder', 'limit'].includes(data.status));

describe.each(KINDS)('a partition set of $name that loses its state, and is split while it is rebuilt', (kind) => {
  const { rules, shape, runs } = kind;
  const cases = [rules, streams(shape), splittings, interruptions, fc.nat()] as const;
  const recordingOf = (definition: object, arrivals: Recording['arrivals'], end: number): Recording => ({
    ...{ rule: parseRule(definition), start: START, until: endOf(end, shape), arrivals },
  });

  it(
    'publishes exactly what it had not published',
    () => {
      fc.assert(
        fc.property(...cases, (definition, { arrivals, end }, splitting, between, at) => {
          const recording = recordingOf(definition, arrivals, end);
          const whole = play(recording).alerts;
          const published = whole.slice(0, at % (whole.length + 1));
          const split = [...published, ...playSplit(recording, splitting, between, published)];
          const inOrder = isOwn(recording.rule) ? byId : (alerts: AlertEnvelope[]) => alerts;
          expect(inOrder(withoutPeriodic(split)).map(comparable)).toEqual(
            inOrder(withoutPeriodic(whole)).map(comparable),
          );
        }),
        { numRuns: runs / 2, ...seeded },
      );
    },
    PATIENT_MS,
  );

  it(
    'corrects what was wrong as a set in one piece does',
    () => {
      fc.assert(
        fc.property(...cases, (definition, { arrivals, end }, splitting, between, at) => {
          const recording = recordingOf(definition, arrivals, end);
          // It had not taken every third event when it published that.
          const wrong = play({ ...recording, arrivals: arrivals.filter((_, index) => index % 3 !== at % 3) }).alerts;
          const published = wrong.slice(0, at % (wrong.length + 1));
          const [whole, split] = [playLoss(recording, published), playSplit(recording, splitting, between, published)];
          const inOrder = isOwn(recording.rule) ? byId : (alerts: AlertEnvelope[]) => alerts;
          expect(inOrder(split).map(comparable)).toEqual(inOrder(whole).map(comparable));
        }),
        { numRuns: runs / 2, ...seeded },
      );
    },
    PATIENT_MS,
  );
});

describe('a partition set that is split', () => {
  it('knows the partition whose event made something overdue after it is removed', () => {
    const rule = parseRule({
      ...{ id: 'late', clientId: 'client-01', where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] },
      evaluate: { type: 'count', lt: 1, having: { calc: 'latest', property: 't', gt: 0 } },
      ...{ for: '5s', forgetOn: [{ property: 's', equals: 'off' }] },
    });
    const at = START + 20_000;
    const sent: [number, object][] = [
      [0, { t: 1 }],
      [5, { s: 'off' }],
      [12, { t: 0 }],
      [13, { t: 1 }],
    ];
    const arrivals = sent.map(([time, data], index) => ({
      ...{ sequence: index + 1, at, time: START + time * 1000 },
      data: { m: 'a', ...data },
    }));
    const recording = { rule, start: START, until: at, arrivals };
    const statuses = playSplit(recording, { at: 0, shards: 2 }).map(({ data }) => data.status);
    expect(statuses).toEqual(play(recording).alerts.map(({ data }) => data.status));
    expect(statuses).toEqual(['firing', 'resolved', 'firing', 'resolved']);
  });

  it.each([
    [
      ...(['for', { for: '1s' }] as const),
      [
        { time: 2, t: 1 },
        { time: 0, t: 1 },
      ],
    ],
    [
      ...(['keepFiringFor', { keepFiringFor: '1s' }] as const),
      [
        { time: 0, t: 1 },
        { time: 2, t: 0 },
        { time: 0, t: 0 },
      ],
    ],
  ])('does not move before an event that is ahead of the clock, if its rule loses %s', (word, words, sent) => {
    const rule = parseRule({
      ...{ id: 'ahead', clientId: 'client-01', where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] },
      evaluate: {
        type: 'any',
        having: {
          all: [
            { calc: 'latest', property: 't', gt: 0 },
            { calc: 'count', within: '1s', gte: 0 },
          ],
        },
      },
      ...words,
    });
    const arrivals = sent.map(({ time, t }, index) => ({
      ...{ sequence: index + 1, at: START, time: START + time * 1000 },
      data: { m: 'a', t },
    }));
    const recording = { rule, start: START, until: START + 20_000, arrivals };
    const turns = arrivals.map((_, index) => ({
      ...{ advance: undefined, restore: false },
      change: index === arrivals.length - 1 ? { [word]: undefined } : undefined,
    }));
    const moments = (splitting: Splitting): string[] =>
      playSplit(recording, splitting, turns).map(
        ({ data }) => `${data.status} ${(Date.parse(data.evaluatedAt) - START) / 1000}`,
      );
    expect(moments({ at: 0, shards: 2 })).toEqual(moments(NEVER));
    expect(moments(NEVER).at(-1)).toMatch(/ 2$/);
  });

  it('reports a cap that several shards reach at once in alerts with different ids', () => {
    const rule = parseRule({
      id: 'busy',
      clientId: 'client-01',
      where: [{ property: 'p', equals: '*' }],
      partitionBy: ['p'],
      evaluate: { type: 'any', having: { calc: 'count', within: '1h', gte: 1_000 } },
    });
    const ofAll = Array.from({ length: LIMITS.windowSamples + 1 }, () => ['a', 'b', 'c', 'd', 'e']).flat();
    const arrivals = ofAll.map((p, index) => ({ sequence: index + 1, at: START, time: START, data: { p } }));
    const reports = playSplit({ rule, start: START, until: START, arrivals }, { at: 0, shards: 3 }).filter(
      ({ data }) => data.status === 'limit',
    );
    expect(reports.length).toBeGreaterThan(1);
    expect(new Set(reports.map(({ id }) => id)).size).toBe(reports.length);
  });
});
