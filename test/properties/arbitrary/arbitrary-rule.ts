import fc from 'fast-check';
import { adjustment, choosing, NUMBER_CALCULATIONS, withOperands } from './arbitrary-operand.ts';
import { heldCalculations } from './arbitrary-hold.ts';
import {
  duration,
  levelTimes,
  long,
  number,
  numeric,
  ofLong,
  oneOf,
  ordering,
  present,
  property,
  sometimes,
  text,
  windowOf,
} from './arbitrary-parts.ts';
import type { Condition } from '../../../src/core/model/rule/condition-schema.ts';
import { isCompared } from '../../../src/core/model/rule/comparison-words.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import { SEVERITIES } from '../../../src/core/model/alert/severity.ts';
import { partsOf } from '../../reference/conditions/measures.ts';

/**
 * Small rules over the properties `s` (strings), `t` (numbers) and `n.v` (nested), partitioned by `m`. Durations are a
 * few whole units.
 */

const ofText = oneOf(
  { weight: 4, arbitrary: text.map((equals) => ({ equals })) },
  text.map((notEquals) => ({ notEquals })),
  fc.uniqueArray(text, { minLength: 1, maxLength: 2 }).map((words) => ({ in: words })),
  fc.uniqueArray(text, { minLength: 1, maxLength: 2 }).map((words) => ({ notIn: words })),
  fc.constantFrom('o*', '*f', '?n', '*').map((glob) => ({ glob })),
  fc
    .tuple(fc.constantFrom('contains', 'startsWith', 'endsWith'), fc.constantFrom('o', 'f', 'ff', 'n', 'on', 'id'))
    .map(([word, part]) => ({ [word]: part })),
  fc
    .constantFrom(
      ...[{ equals: 'ON' }, { in: ['Off', 'iDLE'] }, { glob: 'O?' }],
      ...[{ contains: 'F' }, { startsWith: 'I' }, { endsWith: 'N' }, { startsWith: 'o', endsWith: 'FF' }],
    )
    .map((given) => ({ ...given, ignoreCase: true })),
  fc.boolean().map((exists) => ({ exists })),
  fc.constant({ equals: '*' }),
);

const ofNumber = oneOf(
  { weight: 4, arbitrary: fc.record({ word: ordering, number }).map(({ word, number }) => ({ [word]: number })) },
  number.map((equals) => ({ equals })),
  number.map((notEquals) => ({ notEquals })),
  fc.tuple(number, number).map((between) => ({ between })),
  ofLong,
  fc.boolean().map((exists) => ({ exists })),
);

const ofDuration = (unit: string): fc.Arbitrary<object> =>
  oneOf(
    {
      weight: 4,
      arbitrary: fc.record({ word: ordering, length: duration(unit) }).map(({ word, length }) => ({ [word]: length })),
    },
    fc.tuple(duration(unit), duration(unit)).map((between) => ({ between })),
    duration(unit).map((equals) => ({ equals })),
    fc.boolean().map((exists) => ({ exists })),
  );

function leaf(unit: string): fc.Arbitrary<object> {
  const within = duration(unit);
  const window = windowOf(unit);
  const whenFull = sometimes(fc.boolean(), 2);
  const ofNumbers = fc.constantFrom(...NUMBER_CALCULATIONS);
  const minSamples = sometimes(fc.integer({ min: 1, max: 4 }), 4);
  const p = fc.constantFrom(1, 50, 90, 100);
  const chosen = fc.array(choosing, { minLength: 1, maxLength: 2 });
  const calculation = oneOf(
    { weight: 3, arbitrary: fc.record({ calc: fc.constant('latest'), property: fc.constant('s'), is: ofText }) },
    {
      weight: 2,
      arbitrary: fc.record({ calc: fc.constant('latest'), property: numeric, is: ofNumber }),
    },
    { weight: 2, arbitrary: fc.record({ calc: fc.constant('count'), window, minSamples, is: ofNumber }) },
    { weight: 1, arbitrary: fc.record({ calc: fc.constant('rate'), within, whenFull, minSamples, is: ofNumber }) },
    {
      weight: 3,
      arbitrary: fc.record({
        calc: ofNumbers,
        property: numeric,
        window,
        minSamples,
        is: ofNumber,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ calc: fc.constant('percentile'), property: fc.constant('t'), p, window, is: ofNumber }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        ...{ calc: fc.constant('ratio'), where: chosen, among: sometimes(chosen, 1), window, minSamples },
        is: fc
          .record({ word: ordering, bound: fc.constantFrom(0.3, 0.5, 1) })
          .map(({ word, bound }) => ({ [word]: bound })),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        calc: fc.constantFrom('changes', 'distinct'),
        property,
        window,
        minSamples,
        is: ofNumber,
      }),
    },
    { weight: 2, arbitrary: fc.record({ calc: fc.constant('unchanged'), property, is: ofDuration(unit) }) },
    ...heldCalculations(unit, property, numeric, chosen, { ofNumber, ofDuration: ofDuration(unit) }),
    { weight: 1, arbitrary: fc.record({ calc: fc.constant('age'), is: ofDuration(unit) }) },
  );
  return fc
    .tuple(
      ...([calculation, sometimes(duration(unit), 3), sometimes(chosen, 4)] as const),
      ...([sometimes(fc.constant('number'), 2), sometimes(withOperands(unit), 2)] as const),
    )
    .map(([drawn, held, events, as, sides]: [Drawn, ...unknown[]]) => {
      const { is: constants, window: its, ...calc } = drawn;
      return {
        ...(events !== undefined && { where: events }),
        ...present(calc),
        ...its,
        ...(Object.hasOwn(calc, 'property') && as !== undefined && { as }),
        ...(sides === undefined || calc.calc === 'timeIn' || calc.calc === 'age' || calc.calc === 'unchanged'
          ? constants
          : (sides as object)),
        ...(held !== undefined && { for: held }),
      };
    });
}

interface Drawn {
  is?: object;
  calc?: string;
  window?: object;
}

export function condition(unit: string): fc.Arbitrary<Condition> {
  const of = leaf(unit);
  const parts = fc.array(of, { minLength: 1, maxLength: 2 });
  const nested = oneOf(
    { weight: 4, arbitrary: of },
    parts.map((all) => ({ all })),
    parts.map((any) => ({ any })),
    of.map((not) => ({ not })),
    fc.tuple(of, parts).map(([first, any]) => ({ all: [first, { not: { any } }] })),
  );
  return nested as fc.Arbitrary<Condition>;
}

function evaluate(unit: string): fc.Arbitrary<object> {
  const judged = oneOf(
    { weight: 3, arbitrary: condition(unit).map((having) => ({ having })) },
    fc
      .tuple(
        fc.uniqueArray(fc.constantFrom(...SEVERITIES), { minLength: 1, maxLength: 3 }),
        fc.array(levelWords(unit), { minLength: 3, maxLength: 3 }),
      )
      .map(([severities, each]) => ({
        levels: severities.map((severity, index) => ({ severity, ...each[index] })),
      })),
  );
  const counted = oneOf(
    fc.record({ word: ordering, count: fc.integer({ min: 0, max: 3 }) }).map(({ word, count }) => ({ [word]: count })),
    fc.integer({ min: 0, max: 3 }).map((equals) => ({ equals })),
  );
  const type = oneOf(
    { weight: 4, arbitrary: fc.constantFrom('all', 'any', 'none', 'each').map((type) => ({ type })) },
    counted.map((comparison) => ({ type: 'count', ...comparison })),
    fc
      .record({ word: ordering, bound: fc.constantFrom(0, 33, 50, 100), of: sometimes(fc.constant('expected'), 1) })
      .map(({ word, bound, of }) => ({ type: 'percent', [word]: bound, ...(of !== undefined && { of }) })),
  );
  return oneOf(
    { weight: 4, arbitrary: fc.tuple(type, judged).map(([kind, having]) => ({ ...kind, ...having })) },
    measuring(unit),
  );
}

/** What a level may have beside its severity. */
const levelWords = (unit: string): fc.Arbitrary<object> =>
  fc
    .record({ having: condition(unit), clear: sometimes(condition(unit), 4), times: levelTimes(unit) })
    .map(({ times, ...words }) => ({ ...present(words), ...times }));

/** Values of partitions, put together: the calculation of a leaf, with another comparison. */
function measuring(unit: string): fc.Arbitrary<object> {
  // What moves with the clock all the time is not put together.
  const ofLeaf = leaf(unit)
    .filter((given) => (given as { calc?: unknown }).calc !== 'timeIn')
    .map((given) => Object.fromEntries(Object.entries(given).filter(([word]) => !isCompared(word) && word !== 'for')));
  const of = oneOf({ weight: 2, arbitrary: ofLeaf }, fc.constant({ calc: 'latest', property: 't' }));
  const comparisons = (calc: unknown): fc.Arbitrary<object> => {
    const operand: fc.Arbitrary<unknown> = calc === 'age' || calc === 'unchanged' ? duration(unit) : number;
    return oneOf(
      { weight: 4, arbitrary: fc.record({ word: ordering, operand }).map((each) => ({ [each.word]: each.operand })) },
      operand.map((equals) => ({ equals })),
      fc.tuple(operand, operand).map((between) => ({ between })),
    );
  };
  return of.chain((calculation: { calc?: unknown }) => {
    const comparison = comparisons(calculation.calc);
    const levels = fc
      .tuple(
        fc.uniqueArray(fc.constantFrom(...SEVERITIES), { minLength: 1, maxLength: 3 }),
        fc.array(
          fc.tuple(comparison, levelTimes(unit)).map(([compared, times]) => ({ ...compared, ...times })),
          { minLength: 3, maxLength: 3 },
        ),
      )
      .map(([severities, each]) => ({
        levels: severities.map((severity, index) => ({ severity, ...each[index] })),
      }));
    return fc
      .tuple(fc.constantFrom('sum', 'avg', 'min', 'max'), oneOf({ weight: 3, arbitrary: comparison }, levels))
      .map(([type, compared]) => ({ type, of: calculation, ...compared }));
  });
}

/** Which events remove their partition; some match `where` too. */
const forgetting = oneOf(
  { weight: 2, arbitrary: text.map((equals) => [{ property: 's', equals }]) },
  fc.constant([{ property: 't', lt: 0 }]),
  fc.constant([{ property: 'n.v', equals: 2 }, { not: { property: 's', equals: 'on' } }]),
);

const where = oneOf(
  { weight: 3, arbitrary: fc.constant([{ property: 'type', equals: '*' }]) },
  fc.constant([{ property: 'type', equals: 'status' }, { not: { property: 's', equals: 'idle' } }]),
  fc.constant([{ not: { property: 's', contains: 'n', ignoreCase: true } }]),
  fc.constant([{ property: 's', in: ['ON', 'off'], ignoreCase: true }]),
  fc.constant([{ property: 't', as: 'number', gte: 0 }]),
  fc.constant([{ property: 't', as: 'number', in: [-1, 2, 3] }]),
  ofLong.map((is) => [{ property: 't', ...is }]),
  fc.constant([
    {
      any: [
        { property: 't', exists: true },
        { property: 's', in: ['on', 'off'] },
      ],
    },
  ]),
);

/** Events without `m` are for all partitions. */
const settings = oneOf(
  { weight: 2, arbitrary: fc.constant([{ property: 's', equals: 'idle' }]) },
  fc.constant([{ property: 'm', exists: false }]),
  fc.constant([{ property: 'n.v', gt: 0 }]),
);

/** The fields around `evaluate`, with the unit of durations (`s`, `m`, `h`). */
export function ruleAround(evaluation: fc.Arbitrary<object>, unit: string): fc.Arbitrary<object> {
  return fc
    .record({
      where,
      settings: sometimes(settings, 2),
      partitionBy: fc.constantFrom(['m'], ['m'], ['m'], undefined),
      expect: sometimes(fc.uniqueArray(fc.constantFrom('a', 'b', 'x'), { minLength: 1, maxLength: 2 }), 3),
      forgetOn: sometimes(forgetting, 2),
      evaluate: evaluation,
      for: sometimes(duration(unit), 1),
      keepFiringFor: sometimes(duration(unit), 2),
      clear: sometimes(condition(unit), 3),
      staleAfter: sometimes(duration(unit), 1),
      lateTolerance: sometimes(unit === 'h' ? fc.constantFrom('30m', '1h') : duration(unit), 4),
      noData: sometimes(fc.record({ after: duration(unit), then: fc.constantFrom('alert', 'resolve', 'keep') }), 2),
      heartbeat: sometimes(duration(unit), 4),
      repeat: sometimes(duration(unit), 4),
      latch: sometimes(fc.constant(true), 5),
      severity: sometimes(fc.constantFrom(...SEVERITIES), 2),
    })
    .map(({ expect, ...rule }) =>
      allowed({
        id: 'rule',
        clientId: 'client',
        ...present(rule),
        ...(rule.partitionBy !== undefined && expect !== undefined && { expect: expect.map((m) => ({ m })) }),
      }),
    );
}

/** Without what such a rule cannot have: `of: expected` without `expect`, `clear` beside a value of the set. */
export function allowed(rule: object): object {
  const { evaluate: given, expect } = rule as { evaluate: { of?: unknown }; expect?: unknown };
  const { of, ...evaluated } = given;
  if (of === undefined) return rule;
  if (of === 'expected') return expect === undefined ? { ...rule, evaluate: evaluated } : rule;
  return present({ ...rule, clear: undefined });
}

/** Only rules that put the values of partitions together. */
export const ruleOfValues = (unit = 's'): fc.Arbitrary<object> =>
  ruleAround(measuring(unit), unit).map((rule) => ({ ...rule, message: 'value {{value}} of {{count}} of {{total}}' }));

export const ruleOverPartitions = (unit = 's'): fc.Arbitrary<object> => ruleAround(evaluate(unit), unit);

const stepWhere = oneOf(
  { weight: 4, arbitrary: text.map((equals) => [{ property: 's', equals }]) },
  number.map((gt) => [{ property: 't', gt }]),
  number.map((lt) => [{ property: 't', as: 'number', lt }]),
  ofLong.map((is) => [{ property: 't', as: 'number', ...is }]),
  text.map((equals) => [{ property: 's', exists: true }, { not: { property: 's', equals } }]),
  text.map((endsWith) => [{ property: 's', endsWith, ignoreCase: true }]),
);

/** A sequence starts with an event, followed by events and `not` steps. */
export function ruleOfSteps(unit = 's'): fc.Arbitrary<object> {
  const within = sometimes(duration(unit), 1);
  const unless = sometimes(
    stepWhere.map((unwanted) => ({ where: unwanted })),
    3,
  );
  const times = sometimes(fc.integer({ min: 1, max: 3 }), 3);
  const first = fc
    .record({ where: stepWhere, times, within })
    .map(({ within: gap, ...step }) => present({ ...step, within: (step.times ?? 1) > 1 ? gap : undefined }));
  const event = fc
    .record({ where: stepWhere, within, times, strict: sometimes(fc.boolean(), 3), unless })
    .map((step) => present(step));
  const absence = fc
    .record({ where: stepWhere, within: duration(unit), unless })
    .map(({ where: unwanted, ...step }) => present({ not: { where: unwanted }, ...step }));
  /** The first step is `one`, and others compare with its event. */
  const comparing = sometimes(fc.tuple(fc.constantFrom('equals', 'notEquals', 'gt', 'lte'), adjustment), 1);
  const steps = fc
    .tuple(
      first,
      fc.array(oneOf({ weight: 2, arbitrary: event }, absence), { minLength: 0, maxLength: 3 }),
      fc.array(comparing, { minLength: 3, maxLength: 3 }),
    )
    .map(([start, rest, sides]) => [
      { ...start, as: 'one' },
      ...rest.map((step, index) => withStep(step, sides[index])),
    ])
    .map((all) => all.map((step, index) => withoutStrict(step, all[index - 1])));
  const evaluation = fc
    .tuple(steps, sometimes(duration(unit), 2))
    .map(([each, whole]) => present({ type: 'sequence', steps: each, within: whole }));
  return ruleAround(evaluation, unit).map((rule) => ({ ...rule, clear: undefined }));
}

/** The step, of which what it matches, or its `unless`, compares with the step `one`. */
function withStep(step: object, comparing: [string, object] | undefined): object {
  if (comparing === undefined) return step;
  const [word, how] = comparing;
  const entry = { property: 't', [word]: { step: 'one', property: 't', ...how } };
  const { not, unless, where: own = [] } = step as { not?: object; unless?: object; where?: object[] };
  if (unless !== undefined) return { ...step, unless: { where: [entry] } };
  return not === undefined ? { ...step, where: [...own, entry] } : { ...step, not: { where: [entry] } };
}

/** The step itself, but without `strict` after a `not`. */
const withoutStrict = (step: object, before: object | undefined): object =>
  before !== undefined && 'not' in before ? present({ ...step, strict: undefined }) : step;

/** Mostly for one partition with many changes. */
export function ruleOfFlapping(unit = 's'): fc.Arbitrary<object> {
  const bound = fc.constantFrom(0.11, 0.31, 0.52, 0.7);
  const comparison = sometimes(fc.record({ word: ordering, bound }), 1).map((given) =>
    given === undefined ? {} : { [given.word]: given.bound },
  );
  const flaps = fc
    .tuple(property, comparison, sometimes(duration(unit), 2), sometimes(fc.constant('number'), 4))
    .map(([name, is, held, as]) => ({
      calc: 'flapping',
      property: name,
      ...(as !== undefined && { as }),
      ...is,
      ...(held !== undefined && { for: held }),
    }));
  const evaluation = fc
    .tuple(fc.constantFrom('any', 'each', 'none'), flaps)
    .map(([type, having]) => ({ type, having }));
  return ruleAround(evaluation, unit);
}

/** Over `t` only, mostly of one partition with a long window: operands near typical sums and averages. */
export function ruleOfNumbers(unit = 's'): fc.Arbitrary<object> {
  const near = fc.constantFrom(0, 0.1, 0.2, 0.3, 0.6, 0.7, 1, 0.1 + 0.2, 0.15, -0.1, 1e16, 1e-9, 5e-324, 2, 0.5);
  const comparison = oneOf(
    { weight: 4, arbitrary: fc.record({ word: ordering, to: near }).map(({ word, to }) => ({ [word]: to })) },
    near.map((equals) => ({ equals })),
    fc.tuple(near, near).map((between) => ({ between })),
    fc.uniqueArray(near, { minLength: 1, maxLength: 4 }).map((list) => ({ in: list })),
  );
  const time = fc.integer({ min: 2, max: 15 }).map((count) => ({ within: `${count}${unit}` }));
  const last = fc.integer({ min: 1, max: 12 }).map((count) => ({ last: count }));
  const window = oneOf(
    { weight: 4, arbitrary: time },
    last,
    fc.tuple(time, last).map(([some, others]) => ({ ...some, ...others })),
  );
  const calculations = fc.constantFrom('sum', 'avg', 'changes', ...NUMBER_CALCULATIONS);
  const p = fc.constantFrom(10, 50, 95);
  const counts = fc.record({ calc: fc.constant('count'), window, is: comparison });
  const rates = fc.record({ calc: fc.constant('rate'), window: time, is: comparison });
  const leaves = oneOf(
    { weight: 6, arbitrary: fc.record({ calc: calculations, property: fc.constant('t'), window, is: comparison }) },
    fc.record({ calc: fc.constant('percentile'), property: fc.constant('t'), p, window, is: comparison }),
    counts,
    rates,
  );
  const having = fc.tuple(leaves, fc.boolean()).map(([{ is, window: its, ...calc }, parses]: [Drawn, boolean]) => ({
    ...calc,
    ...its,
    ...(parses && Object.hasOwn(calc, 'property') && { as: 'number' }),
    ...is,
  }));
  return ruleAround(
    fc.tuple(fc.constantFrom('any', 'each', 'all'), having).map(([type, leaf]) => ({ type, having: leaf })),
    unit,
  );
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/**
 * Whole hours, and times that clock changes skip or repeat: 02:30 in Berlin, 02:00 in Santiago's autumn, half an hour
 * in Lord Howe.
 */
const timeOfDay = fc.constantFrom('00:00', '01:00', '02:00', '02:30', '03:00', '06:00', '12:00', '22:30', '23:00');
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/Santiago',
] as const;

const stretch = fc.record(
  {
    days: fc.uniqueArray(fc.constantFrom(...DAYS), { minLength: 1, maxLength: 7 }),
    from: timeOfDay,
    to: fc.oneof(timeOfDay, fc.constant('24:00')),
  },
  { requiredKeys: [] },
);

/** Days near a time, in UTC. */
const datesNear = (start: number): fc.Arbitrary<string[]> =>
  fc.uniqueArray(
    fc.integer({ min: -1, max: 4 }).map((days) => new Date(start + days * 86_400_000).toISOString().slice(0, 10)),
    { minLength: 1, maxLength: 3 },
  );

/** Around a time: one stretch in the schedule itself or several in `open`, with and without `except` and `onClose`. */
function scheduleNear(start: number): fc.Arbitrary<object> {
  const hours = oneOf(
    stretch,
    fc.array(stretch, { minLength: 1, maxLength: 4 }).map((open) => ({ open })),
  );
  return fc
    .record({
      timezone: fc.constantFrom(...ZONES),
      hours,
      except: sometimes(datesNear(start), 1),
      onClose: sometimes(fc.constantFrom('resolve', 'resolve', 'keep'), 1),
    })
    .map(({ timezone, hours: its, ...more }) => ({ timezone, ...its, ...present(more) }));
}

/** With a schedule; durations are in hours, and all times in half hours, like the times that the reference checks. */
export const ruleOfSchedule = (start: number): fc.Arbitrary<object> => {
  const rules = oneOf({ weight: 4, arbitrary: ruleOverPartitions('h') }, ruleOfSteps('h'));
  return fc.tuple(rules, scheduleNear(start)).map(([rule, schedule]) => ({ ...rule, schedule }));
};

/** Partitions, expected ones and values are whole numbers, of which a double keeps only some. */
export const ruleOfLongIds = (unit = 's'): fc.Arbitrary<object> =>
  fc
    .tuple(ruleOverPartitions(unit), sometimes(fc.uniqueArray(long, { minLength: 1, maxLength: 2 }), 1))
    .map(([rule, expected]) => ({
      ...rule,
      partitionBy: ['m'],
      ...(expected !== undefined && { expect: expected.map((m) => ({ m })) }),
    }))
    // The reference looks at the moments of up to three values that grow together.
    .filter((rule) => partsOf(rule as unknown as Rule) === 1);
