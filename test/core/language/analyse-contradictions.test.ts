import { describe, expect, it } from 'vitest';
import { analyseRule } from '../../../src/core/language/analysis/analysis.ts';
import { checkRule, parseRule } from '../../../src/core/language/parse/parse-rule.ts';

/** Settings of one rule that defeat each other: which warnings they cause, and which they do not. */
const latest = (comparison: object, property = 't') => ({ calc: 'latest', property, ...comparison });
const base = { id: 'r', clientId: 'c', where: [{ property: 'type', equals: 'status' }], partitionBy: ['m'] };
const any = (having: object, more: object = {}) => ({ evaluate: { type: 'any', having }, ...more });
const each = (having: object, more: object = {}) => ({ evaluate: { type: 'each', having }, ...more });
const levelled = (evaluate: object, ...levels: [severity: string, having: object][]) => ({
  evaluate: { ...evaluate, levels: levels.map(([severity, having]) => ({ severity, having })) },
});
const step = (state: string, more: object = {}) => ({ where: [{ property: 'state', equals: state }], ...more });
const not = (state: string, within: string) => ({ not: step(state), within });
const sequence = (steps: object[], more: object = {}) => ({ evaluate: { type: 'sequence', steps }, ...more });

const warnings = (rule: object): string[] =>
  analyseRule(parseRule({ ...base, ...rule })).map(({ path, message }) => `${path}: ${message}`);

const NO_EFFECT = 'clear: has no effect: it holds whenever the condition does not';
const REVERSED = 'clear: is probably reversed: it holds whenever the condition does';

describe('the path of a condition', () => {
  const never = { property: 'v', gt: 5, lt: 3 };
  const message = 'can never hold: no value satisfies gt 5 and lt 3';

  it.each<[string, object, string]>([
    ['a step', sequence([{ where: [never] }, step('b', { within: '1m' })]), 'evaluate.steps[0].where[0]'],
    [
      'a not step',
      sequence([step('a'), { not: { where: [{ not: { not: never } }] }, within: '1m' }]),
      'evaluate.steps[1].not.where[0].not.not',
    ],
    [
      'an unless',
      sequence([step('a'), step('b', { unless: { where: [never] } })]),
      'evaluate.steps[1].unless.where[0]',
    ],
    [
      'several conditions',
      any({ all: [latest({ gt: 1 }), { any: [latest({ gt: 5, lt: 3 }), latest({ gt: 1 }, 'u')] }] }),
      'evaluate.having.all[1].any[0]',
    ],
    ['a count', { evaluate: { type: 'count', gt: 5, lt: 3, having: latest({ gt: 1 }) } }, 'evaluate'],
  ])('is reported: %s', (_what, rule, path) => expect(warnings(rule)).toEqual([`${path}: ${message}`]));
});

describe('times of levels', () => {
  const levels = (low: object, high: object): object => ({
    evaluate: {
      type: 'any',
      levels: [
        { severity: 'warning', having: latest({ gt: 80 }), ...low },
        { severity: 'critical', having: latest({ gt: 80 }), ...high },
      ],
    },
  });

  it.each<[string, object, string[]]>([
    ['make one condition with two severities an escalation', levels({}, { for: '10m' }), []],
    ['leave the for of the rule to other levels', { ...levels({}, { for: '10m' }), for: '5m' }, []],
    [
      'leave nothing to the rule if every level has its own',
      { ...levels({ for: '1m' }, { for: '10m' }), for: '5m', keepFiringFor: '5m' },
      ['for: has no effect: every level has its own'],
    ],
  ])('%s', (_what, rule, expected) => expect(warnings(rule)).toEqual(expected));
});

describe('clear', () => {
  it.each([
    ['the opposite', latest({ gt: 80 }), latest({ lte: 80 }), NO_EFFECT],
    ['one that overlaps', latest({ gt: 80 }), latest({ lt: 90 }), NO_EFFECT],
    ['the negation of the condition', latest({ gt: 80 }), { not: latest({ gt: 80 }) }, NO_EFFECT],
    [
      'the negation of several conditions',
      { all: [latest({ gt: 8 }), latest({ gt: 9 }, 'u')] },
      { not: { all: [latest({ gt: 8 }), latest({ gt: 9 }, 'u')] } },
      NO_EFFECT,
    ],
    ['the condition itself', latest({ gt: 80 }), latest({ gt: 80 }), REVERSED],
    ['a limit on the wrong side', latest({ gt: 80 }), latest({ gt: 70 }), REVERSED],
    [
      'a duration on the wrong side',
      { calc: 'unchanged', property: 't', lt: '5m' },
      { calc: 'unchanged', property: 't', lt: '10m' },
      REVERSED,
    ],
    [
      'one that never holds',
      latest({ gt: 80 }),
      latest({ gt: 5, lt: 3 }),
      'clear: can never hold: no value satisfies gt 5 and lt 3',
    ],
  ])('%s', (_name, having, clear, warning) => {
    expect(warnings(any(having, { clear }))).toEqual([warning]);
  });

  it('is reported with levels if it applies to each', () => {
    const evaluation = levelled({ type: 'any' }, ['warning', latest({ gt: 80 })], ['critical', latest({ gt: 100 })]);
    expect(warnings({ ...evaluation, clear: latest({ lt: 110 }) })).toEqual([NO_EFFECT]);
    expect(warnings({ ...evaluation, clear: latest({ lt: 90 }) })).toEqual([]);
    expect(warnings({ ...evaluation, clear: latest({ gt: 90 }) })).toEqual([]);
    expect(warnings({ ...evaluation, clear: latest({ gt: 70 }) })).toEqual([REVERSED]);
  });

  it.each<[string, own: object[], rule: object, string[]]>([
    [
      'of a level, that level',
      [{}, { clear: latest({ lte: 100 }) }],
      {},
      [NO_EFFECT.replace('clear', 'evaluate.levels[1].clear')],
    ],
    [
      'of a level, on the wrong side',
      [{ clear: latest({ gt: 70 }) }, {}],
      {},
      [REVERSED.replace('clear', 'evaluate.levels[0].clear')],
    ],
    [
      'of a level, that never holds',
      [{ clear: latest({ gt: 5, lt: 3 }) }, {}],
      {},
      ['evaluate.levels[0].clear: can never hold: no value satisfies gt 5 and lt 3'],
    ],
    [
      'of the rule, if every level has its own',
      [{ clear: latest({ lt: 70 }) }, { clear: latest({ lt: 90 }) }],
      { clear: latest({ lt: 60 }) },
      ['clear: has no effect: every level has its own'],
    ],
    [
      'of the rule, for the other levels',
      [{}, { clear: latest({ lt: 100 }) }],
      { clear: latest({ lte: 80 }) },
      [NO_EFFECT],
    ],
    ['hysteresis of each level', [{ clear: latest({ lt: 70 }) }, { clear: latest({ lt: 90 }) }], {}, []],
  ])('%s', (_what, own, rule, expected) => {
    const levels = [80, 100].map((gt, index) => ({
      severity: ['warning', 'critical'][index],
      having: latest({ gt }),
      ...own[index],
    }));
    expect(warnings({ evaluate: { type: 'any', levels }, ...rule })).toEqual(expected);
  });

  it('has no effect in a sequence', () => {
    expect(warnings(sequence([step('a')], { clear: latest({ lt: 1 }) }))).toEqual([
      'clear: has no effect: sequences do not use clear',
    ]);
  });

  it.each([
    ['hysteresis', latest({ gt: 80 }), latest({ lt: 70 })],
    ['another property', latest({ gt: 80 }), latest({ lt: 90 }, 'u')],
    [
      'another window',
      { calc: 'avg', property: 't', within: '1m', gt: 80 },
      { calc: 'avg', property: 't', within: '5m', lte: 80 },
    ],
    ['a condition with for', latest({ gt: 80, for: '1m' }), latest({ lte: 80 })],
    ['a clear with for', latest({ gt: 80 }), latest({ lte: 80, for: '1m' })],
  ])('has no warning for %s', (_name, having, clear) => {
    expect(warnings(any(having, { clear }))).toEqual([]);
  });
});

describe('levels', () => {
  const [over80, over100] = [latest({ gt: 80 }), latest({ gt: 100 })];
  const never = (path: string, severity: string, by: string) =>
    `${path}: never takes effect: whenever it holds, ${severity} (${by}) holds too`;
  const [first, second] = ['evaluate.levels[0]', 'evaluate.levels[1]'];

  it('that are duplicates', () => {
    expect(warnings(levelled({ type: 'any' }, ['warning', over80], ['critical', latest({ gt: 80 })]))).toEqual([
      `${second}.having: repeats ${first}.having`,
    ]);
  });

  it.each([
    ['in the wrong order', { type: 'any' }, over100, over80, [never(first, 'critical', second)]],
    ['in the right order', { type: 'any' }, over80, over100, []],
    [
      'of none, which fewer machines make true: reversed',
      { type: 'none' },
      over80,
      over100,
      [never(first, 'critical', second)],
    ],
    ['of none, in the right order', { type: 'none' }, over100, over80, []],
    ['of a count with a lower bound', { type: 'count', gte: 3 }, over100, over80, [never(first, 'critical', second)]],
    ['of a count with an upper bound', { type: 'count', lt: 3 }, over80, over100, [never(first, 'critical', second)]],
    ['of a count with neither', { type: 'count', equals: 3 }, over100, over80, []],
    ['of different properties', { type: 'any' }, latest({ gt: 100 }, 'u'), over80, []],
    ['of which the higher has for', { type: 'any' }, over100, latest({ gt: 80, for: '5m' }), []],
  ])('%s', (_name, evaluation, low, high, expected) => {
    expect(warnings(levelled(evaluation, ['warning', low], ['critical', high]))).toEqual(expected);
  });
});

describe('numbers of partitions', () => {
  const counted = (type: string, comparison: object) => ({
    evaluate: { type, having: latest({ gt: 1 }), ...comparison },
  });
  const percentage = (word: string, value: number) =>
    `evaluate.${word}: ${value} is out of range: a percentage is between 0 and 100`;

  it.each([
    ['percent', { between: [50, 150] }, percentage('between', 150)],
    ['percent', { gt: 50, lt: 101 }, percentage('lt', 101)],
    ['percent', { gte: -1, lt: 50 }, percentage('gte', -1)],
    ['percent', { gt: 100 }, 'evaluate: can never hold: no value satisfies gt 100'],
    ['percent', { notEquals: 120 }, 'evaluate: always holds: notEquals 120 excludes nothing'],
    ['count', { between: [-5, 3] }, 'evaluate.between: -5 is out of range: a number of partitions is at least 0'],
    ['count', { lt: 0 }, 'evaluate: can never hold: no value satisfies lt 0'],
    ['count', { gt: -1 }, 'evaluate: always holds: gt -1 excludes nothing'],
  ])('%s %j', (type, comparison, warning) => {
    expect(warnings(counted(type, comparison))).toEqual([warning]);
  });

  it.each([
    ['percent', { between: [0, 100], notEquals: 50 }],
    ['percent', { equals: 100 }],
    ['count', { equals: 0 }],
    ['count', { gte: 1_000_000 }],
  ])('no warning for %s %j', (type, comparison) => {
    expect(warnings(counted(type, comparison))).toEqual([]);
  });
});

describe('durations', () => {
  const count = { calc: 'count', within: '1m', gt: 3 };
  const age = (comparison: object) => ({ calc: 'age', ...comparison });

  it('a window shorter than the heartbeat, in any condition', () => {
    const having = { any: [latest({ gt: 1 }), { not: count }] };
    expect(warnings(any(having, { heartbeat: '5m', clear: { calc: 'count', within: '30s', lt: 2 } }))).toEqual([
      'evaluate.having.any[1].not.within: is shorter than heartbeat (5m): each heartbeat covers only the last 1m',
      'clear.within: is shorter than heartbeat (5m): each heartbeat covers only the last 30s',
    ]);
    expect(warnings(any(having, { heartbeat: '1m' }))).toEqual([]);
  });

  it.each([{ gt: '10m' }, { gte: '10m' }, { between: ['10m', '20m'] }])(
    'an age that no live partition reaches: %j',
    (comparison) => {
      const warning =
        'evaluate.having: can never hold: a partition stops being live when its newest event is 10m old (staleAfter)';
      expect(warnings(each(age(comparison), { staleAfter: '10m' }))).toEqual([warning]);
    },
  );

  it.each([
    ['an age below staleAfter', each(age({ gte: '9m59s' }), { staleAfter: '10m' })],
    ['an age without staleAfter', each(age({ gt: '10m' }))],
    [
      'for longer than staleAfter: regular events keep it live',
      any(latest({ gt: 1 }), { for: '10m', staleAfter: '1m' }),
    ],
    [
      'noData alert after staleAfter: it still fires',
      each(latest({ gt: 1 }), { staleAfter: '1m', noData: { after: '5m', then: 'alert' } }),
    ],
    [
      'noData resolve while keepFiringFor runs',
      any(latest({ gt: 1 }), { staleAfter: '1m', keepFiringFor: '5m', noData: { after: '5m', then: 'resolve' } }),
    ],
    [
      'noData resolve of a count, which 0 may satisfy',
      {
        evaluate: { type: 'count', lt: 3, having: latest({ gt: 1 }) },
        staleAfter: '1m',
        noData: { after: '5m', then: 'resolve' },
      },
    ],
  ])('no warning for %s', (_name, rule) => {
    expect(warnings(rule)).toEqual([]);
  });

  it.each([['any'], ['each']])('noData too late to resolve, with %s', (type) => {
    const rule = {
      evaluate: { type, having: latest({ gt: 1 }) },
      staleAfter: '5m',
      keepFiringFor: '1m',
      noData: { after: '6m1ms', then: 'resolve' },
    };
    expect(warnings(rule)).toEqual([
      'noData.after: is too late to resolve anything: staleAfter (5m) resolves alerts first',
    ]);
  });

  it.each([
    [
      'shorter than for',
      { for: '2h' },
      '1h',
      ['backfill: is shorter than for (2h): when the rule starts, it does not know that far back'],
    ],
    ['as long', { for: '2h' }, '2h', []],
    [
      'shorter than a window',
      { for: '2h', evaluate: { type: 'any', having: { calc: 'count', within: '3h', gt: 1 } } },
      '1h',
      ['backfill: is shorter than evaluate.having.within (3h): when the rule starts, it does not know that far back'],
    ],
  ])('backfill %s', (_name, words, backfill, expected) => {
    expect(warnings({ evaluate: { type: 'any', having: latest({ gt: 1 }) }, ...words, backfill })).toEqual(expected);
  });
});

describe('sequences', () => {
  const opened = step('open');

  it.each([
    [
      'for with an event as the last step',
      sequence([opened, step('shut')], { for: '1m' }),
      'for: can never be reached: the last step is an event, so the condition ends immediately',
    ],
    [
      'an unless that where excludes',
      sequence([opened, step('shut', { unless: { where: [{ property: 'type', equals: 'door' }] } })]),
      'evaluate.steps[1].unless: has no effect: where excludes every type that unless accepts',
    ],
    [
      'an unless that ends every match',
      sequence([opened, step('shut', { unless: { where: [{ property: 'state', in: ['shut', 'locked'] }] } })]),
      'evaluate.steps[1]: can never match: every event that matches this step also matches its unless',
    ],
    [
      'an unless that covers its not',
      sequence([opened, { ...not('shut', '1m'), unless: step('shut') }]),
      'evaluate.steps[1].not: has no effect: every event that matches it also matches unless',
    ],
    [
      'within of a sequence with one event',
      { evaluate: { type: 'sequence', within: '1m', steps: [opened, not('shut', '5m')] } },
      'evaluate.within: has no effect: it limits the time between the first event and the last one, and there is only one',
    ],
    [
      'within of a sequence that a not exceeds',
      { evaluate: { type: 'sequence', within: '1m', steps: [opened, not('shut', '2m'), step('alarm')] } },
      'evaluate.within: can never be met: the not steps before the last event take longer than 1m',
    ],
    [
      'within of a step that is longer than that of the sequence',
      { evaluate: { type: 'sequence', within: '1m', steps: [opened, step('shut', { within: '2m' })] } },
      'evaluate.steps[1].within: has no effect: within of the whole sequence (1m) is shorter',
    ],
    [
      'a step that where excludes',
      sequence([{ where: [{ property: 'type', equals: 'door' }] }]),
      'evaluate.steps[0]: can never match: where excludes every type that this step accepts',
    ],
  ])('%s', (_name, rule, warning) => {
    expect(warnings(rule)).toEqual([warning]);
  });

  it('no warning for for after a not, nor for a step that narrows where', () => {
    const narrowed = {
      where: [
        { property: 'type', equals: '*' },
        { property: 'state', equals: 'open' },
      ],
    };
    expect(warnings(sequence([narrowed, not('shut', '2m')], { for: '1m' }))).toEqual([]);
    expect(warnings(sequence([opened, step('shut'), not('open', '2m')], { for: '1m' }))).toEqual([]);
  });

  it('no warning for unless next to another state, nor for within that steps can meet', () => {
    const shut = step('shut', { unless: step('locked'), within: '1m' });
    const steps = [opened, not('alarm', '1m'), shut, not('open', '5m')];
    expect(warnings({ evaluate: { type: 'sequence', within: '3m', steps } })).toEqual([]);
    expect(warnings({ evaluate: { type: 'sequence', within: '1m', steps: [{ ...opened, times: 2 }] } })).toEqual([]);
  });

  it('finds what where excludes next to conditions on several properties, which it ignores', () => {
    const either = (a: number, b: number) => ({
      any: [
        { property: 'a', equals: a },
        { property: 'b', equals: b },
      ],
    });
    const where = [{ property: 'type', equals: 'status' }, either(1, 2)];
    expect(warnings(sequence([{ where: [either(3, 4)] }], { where }))).toEqual([]);
    expect(warnings(sequence([{ where: [either(3, 4), { property: 'type', equals: 'door' }] }], { where }))).toEqual([
      'evaluate.steps[0]: can never match: where excludes every type that this step accepts',
    ]);
  });
});

describe('one of several conditions', () => {
  it('is identified by its path', () => {
    const never = 'can never hold: no value satisfies gt 5 and lt 3';
    expect(
      warnings(any({ all: [latest({ gt: 1 }), { any: [latest({ gt: 2 }, 'u'), latest({ gt: 5, lt: 3 })] }] })),
    ).toEqual([`evaluate.having.all[1].any[1]: ${never}`]);
  });
});

describe('a schedule', () => {
  const scheduled = (schedule: object) =>
    any(latest({ gt: 1 }), { schedule: { timezone: 'Europe/Berlin', ...schedule } });
  const night = { days: ['mon', 'tue'], from: '22:00', to: '06:00' };

  it.each<[string, object, string[]]>([
    [
      'a stretch inside another one',
      {
        open: [
          { days: ['mon'], from: '08:00', to: '12:00' },
          { from: '08:00', to: '18:00' },
        ],
      },
      ['schedule.open[0]: has no effect: schedule.open[1] covers it'],
    ],
    [
      'a stretch that is repeated',
      { open: [night, night] },
      ['schedule.open[1]: has no effect: schedule.open[0] covers it'],
    ],
    [
      'a stretch inside one past midnight',
      { open: [night, { days: ['tue'], from: '23:00' }] },
      ['schedule.open[1]: has no effect: schedule.open[0] covers it'],
    ],
    ['stretches that overlap', { open: [night, { days: ['tue'], from: '05:00', to: '09:00' }] }, []],
    [
      'a stretch that another one covers only from the day before',
      { open: [night, { days: ['tue', 'wed'], to: '02:00' }] },
      [],
    ],
    [
      'a date that is repeated',
      { except: ['2026-12-25', '2026-12-26', '2026-12-25'] },
      ['schedule.except[2]: repeats schedule.except[0]'],
    ],
    [
      'a date on which it is closed anyway',
      { open: [{ days: ['mon', 'fri'] }, { days: ['tue'] }], except: ['2026-12-25', '2026-12-26'] },
      ['schedule.except[1]: has no effect: no stretch begins on a day like this (sat)'],
    ],
    [
      'onClose of a schedule that never closes',
      { open: [{ to: '12:00' }, { from: '12:00' }], onClose: 'resolve' },
      ['schedule.onClose: has no effect: the schedule never closes'],
    ],
    ['onClose of a schedule that closes on one date', { except: ['2026-12-25'], onClose: 'resolve' }, []],
    ['onClose of a schedule that closes for a minute', { to: '23:59', onClose: 'resolve' }, []],
    ['onClose: keep of a schedule that never closes', { onClose: 'keep' }, []],
  ])('%s', (_what, schedule, expected) => expect(warnings(scheduled(schedule))).toEqual(expected));
});

describe('errors, not warnings', () => {
  it.each([
    [
      'a step within zero time',
      sequence([step('open'), step('shut', { within: '0s' })]),
      'evaluate.steps[1].within: must be greater than zero',
    ],
    [
      'within on the first step',
      sequence([step('open', { within: '1m' })]),
      'evaluate.steps[0].within: is not allowed: the first step has no previous step',
    ],
    [
      'a schedule that never opens',
      any(latest({ gt: 1 }), { schedule: { timezone: 'UTC', from: '24:00', to: '00:00' } }),
      'schedule.from: must be a time of day such as 06:00',
    ],
  ])('%s', (_name, rule, error) => {
    expect(checkRule({ ...base, ...rule }).issues.map(({ path, message }) => `${path}: ${message}`)).toEqual([error]);
  });
});
