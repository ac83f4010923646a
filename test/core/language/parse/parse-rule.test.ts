import { describe, expect, it } from 'vitest';
import { VigilError } from '../../../../src/core/primitives/errors.ts';
import { pathText } from '../../../../src/core/language/parse/explain-issue.ts';
import { checkRule, parseRule } from '../../../../src/core/language/parse/parse-rule.ts';
import { LIMITS } from '../../../../src/core/primitives/limits.ts';

const latest = { calc: 'latest', property: 'state', equals: 'stopped' };
const rule = {
  id: 'all-stopped',
  clientId: 'client-01',
  where: [{ property: 'type', equals: 'status' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'all', having: latest },
};
const any = (having: object): object => ({ ...rule, evaluate: { type: 'any', having } });
const nested = (depth: number): object => (depth === 0 ? latest : { not: nested(depth - 1) });
const levels = (low: object, high: object): object => ({
  ...rule,
  evaluate: {
    type: 'any',
    levels: [
      { severity: 'info', having: low },
      { severity: 'critical', having: high },
    ],
  },
});
const steps = (list: object[]): object => ({ ...rule, evaluate: { type: 'sequence', steps: list } });
const step = { where: [{ property: 's', equals: 'a' }] };

describe('a valid rule is accepted unchanged', () => {
  it.each<[string, object]>([
    ['the smallest', rule],
    ['without partitions', { ...rule, partitionBy: undefined }],
    [
      'all other fields',
      {
        ...rule,
        name: 'N',
        enabled: false,
        groupBy: ['site'],
        expect: [{ machineId: 'm1' }, { machineId: 2, site: 'berlin' }],
        for: '5m',
        keepFiringFor: '1m',
        clear: latest,
        staleAfter: '15m',
        noData: { after: '10m', then: 'alert' },
        heartbeat: '1m',
        repeat: '4h',
        severity: 'critical',
        labels: { team: 'a' },
        message: 'All {{total}}',
        schedule: { timezone: 'Europe/Berlin', days: ['mon'], from: '22:00', to: '06:00' },
      },
    ],
    [
      'a schedule with several stretches',
      {
        ...rule,
        schedule: {
          timezone: 'UTC',
          open: [{ days: ['mon'], from: '08:00', to: '12:00' }, { from: '13:00' }, {}],
          except: ['2028-02-29', '2026-12-25'],
          onClose: 'resolve',
        },
      },
    ],
    ['conditions eight deep', any(nested(8))],
    [
      'levels',
      {
        ...rule,
        evaluate: {
          type: 'any',
          levels: [
            { severity: 'warning', having: latest },
            { severity: 'critical', having: latest },
          ],
        },
      },
    ],
    ['a count', { ...rule, evaluate: { type: 'count', gte: 3, having: latest } }],
    ['flapping without a comparison', any({ calc: 'flapping', property: 's' })],
    ['an age as a duration', any({ calc: 'age', between: ['1m', '1h30m'] })],
    ['a sequence', steps([step, { ...step, as: 'b', within: '5m' }, { not: step, within: '2m' }])],
    [
      'a sequence with unless, strict, times and within',
      {
        ...rule,
        evaluate: {
          type: 'sequence',
          within: '1h',
          steps: [
            { ...step, times: 3, within: '1m' },
            { ...step, strict: true, times: 2, unless: step },
            { not: step, within: '2m', unless: step },
            { ...step, strict: false, unless: step },
          ],
        },
      },
    ],
    ['a name of 200 three-byte characters', { ...rule, name: '温'.repeat(200) }],
    ['a name of 200 quotes', { ...rule, name: '"'.repeat(200) }],
    [
      'a large expect with small groups',
      {
        ...any({
          all: Array.from({ length: 60 }, (_, index) => ({ calc: 'avg', property: `p${index}`, within: '1h', gt: 1 })),
        }),
        groupBy: ['site'],
        expect: Array.from({ length: 1_000 }, (_, machineId) => ({ machineId, site: machineId % 10 })),
      },
    ],
    ['any path that is not a prototype', any({ ...latest, property: 'toString.größe.a b' })],
  ])('%s', (_, definition) => expect(parseRule(definition)).toEqual(definition));
});

describe('an invalid rule is reported with its path and what would be valid', () => {
  it.each<[string, unknown, { path: string; message: RegExp }]>([
    ['a string', 'rule', { path: '', message: /must be an object/ }],
    ['nothing', undefined, { path: '', message: /must be an object/ }],
    ['a list', [rule], { path: '', message: /must be an object/ }],
    ['no id', { ...rule, id: undefined }, { path: 'id', message: /is missing; it must be a string/ }],
    ['an id with capitals', { ...rule, id: 'All' }, { path: 'id', message: /1 to 64 characters of a-z, 0-9 and "-"/ }],
    ['an id with a dot', { ...rule, clientId: 'a.b' }, { path: 'clientId', message: /1 to 64 characters of a-z/ }],
    [
      'an empty where',
      { ...rule, where: [] },
      { path: 'where', message: /must not be empty; to match every event, use/ },
    ],
    [
      'a where without a comparison',
      { ...rule, where: [{ property: 'a' }] },
      { path: 'where[0]', message: /needs a comparison: one of equals/ },
    ],
    [
      'a path to a prototype',
      { ...rule, where: [{ property: '__proto__.x', equals: 1 }] },
      { path: 'where[0].property', message: /must be names joined by dots/ },
    ],
    [
      'a constructor',
      { ...rule, partitionBy: ['constructor'] },
      { path: 'partitionBy[0]', message: /must be names joined by dots/ },
    ],
    [
      'an empty path',
      any({ ...latest, property: '' }),
      { path: 'evaluate.having.property', message: /names joined by dots/ },
    ],
    [
      'an unknown type',
      { ...rule, evaluate: { type: 'some', having: latest } },
      {
        path: 'evaluate.type',
        message: /must be one of all, any, none, each, count, percent, sum, avg, min, max, sequence/,
      },
    ],
    [
      'no type',
      { ...rule, evaluate: { having: latest } },
      { path: 'evaluate.type', message: /is missing; it must be one of all, any, none/ },
    ],
    [
      'an unknown calculation',
      any({ calc: 'mean', property: 'x', gt: 1 }),
      { path: 'evaluate.having.calc', message: /must be one of latest, unchanged, changes, sum, stddev/ },
    ],
    [
      'an object as an operand',
      any({ ...latest, equals: {} }),
      { path: 'evaluate.having.equals', message: /must be a value, \{latest: …\} or \{calc: …\}/ },
    ],
    ['a text in place of a list', { ...rule, where: 'x' }, { path: 'where', message: /must be a list/ }],
    [
      'neither having nor levels',
      { ...rule, evaluate: { type: 'any' } },
      { path: 'evaluate', message: /needs exactly one of having and levels/ },
    ],
    [
      'having and levels',
      { ...rule, evaluate: { type: 'any', having: latest, levels: [{ severity: 'info', having: latest }] } },
      { path: 'evaluate', message: /needs exactly one of having and levels/ },
    ],
    [
      'a count without a comparison',
      { ...rule, evaluate: { type: 'count', having: latest } },
      { path: 'evaluate', message: /needs a comparison/ },
    ],
    [
      'an unknown calc',
      any({ calc: 'median', property: 'a', gt: 1 }),
      { path: 'evaluate.having.calc', message: /must be one of/ },
    ],
    [
      'a window without a length',
      any({ calc: 'count', gte: 1 }),
      { path: 'evaluate.having.within', message: /is missing/ },
    ],
    [
      'an age compared with a number',
      any({ calc: 'age', gt: 5 }),
      { path: 'evaluate.having.gt', message: /must be a duration such as 5m, because age is a duration/ },
    ],
    [
      'as with another type',
      any({ ...latest, as: 'text' }),
      { path: 'evaluate.having.as', message: /must be one of number/ },
    ],
    [
      'a count as a number',
      any({ calc: 'count', within: '1m', as: 'number', gt: 1 }),
      { path: 'evaluate.having.as', message: /is not allowed here/ },
    ],
    [
      'an age that contains a text',
      any({ calc: 'age', contains: '5m' }),
      { path: 'evaluate.having.contains', message: /compares texts, but age is a duration/ },
    ],
    [
      'a duration without case',
      any({ calc: 'unchanged', property: 'a', equals: '5m', ignoreCase: true }),
      { path: 'evaluate.having.ignoreCase', message: /compares texts, but unchanged is a duration/ },
    ],
    [
      'an order without case',
      any({ ...latest, gt: 'a', ignoreCase: true }),
      { path: 'evaluate.having.ignoreCase', message: /applies to equals, in, glob, .* only: remove it, or move/ },
    ],
    [
      'case without a comparison of texts, deep inside a step',
      steps([{ where: [{ not: { property: 'a', notEquals: 'a', ignoreCase: true } }] }]),
      { path: 'evaluate.steps[0].where[0].not.ignoreCase', message: /move notEquals to another entry/ },
    ],
    [
      'an empty text to search',
      any({ calc: 'latest', property: 'a', contains: '' }),
      { path: 'evaluate.having.contains', message: /must not be empty/ },
    ],
    [
      'an invalid duration',
      { ...rule, for: '5 minutes' },
      { path: 'for', message: /must be a duration such as 500ms/ },
    ],
    ['a duration of zero', { ...rule, for: '0s' }, { path: 'for', message: /must be greater than zero/ }],
    [
      'a duration of more than 400 days',
      { ...rule, for: '401d' },
      { path: 'for', message: /must be at most 400 days/ },
    ],
    [
      'a heartbeat that is too short',
      { ...rule, heartbeat: '999ms' },
      { path: 'heartbeat', message: /must be at least 1s/ },
    ],
    [
      'conditions nine deep',
      any(nested(9)),
      { path: 'evaluate.having', message: /nests conditions 9 deep; the maximum is 8/ },
    ],
    [
      '65 leaves',
      any({ any: Array.from({ length: 65 }, () => latest) }),
      { path: 'evaluate', message: /the maximum is 64/ },
    ],
    [
      'an expect entry without its key',
      { ...rule, expect: [{}] },
      { path: 'expect[0].machineId', message: /is missing; an expected partition needs every property of partitionBy/ },
    ],
    [
      'an expect entry with an unknown key',
      { ...rule, expect: [{ machineId: 'a', site: 'b' }] },
      { path: 'expect[0].site', message: /in neither partitionBy nor groupBy/ },
    ],
    [
      'an invalid template',
      { ...rule, message: '{{#open}}' },
      { path: 'message', message: /is not a valid Mustache template/ },
    ],
    [
      'a template that reaches a prototype',
      { ...rule, message: '{{#labels.__proto__}}{{evidence.items.pop}}{{/labels.__proto__}}' },
      { path: 'message', message: /__proto__/ },
    ],
    [
      'a template that reaches a constructor',
      { ...rule, message: '{{#a}}{{{evidence.total.constructor}}}{{/a}}' },
      { path: 'message', message: /constructor/ },
    ],
    [
      'an unknown time zone',
      { ...rule, schedule: { timezone: 'Berlin' } },
      { path: 'schedule.timezone', message: /must be an IANA time zone such as Europe\/Berlin/ },
    ],
    [
      'an invalid time of day',
      { ...rule, schedule: { timezone: 'UTC', to: '24:01' } },
      { path: 'schedule.to', message: /must be a time of day such as 22:00, or 24:00/ },
    ],
    [
      'a schedule from midnight to midnight',
      { ...rule, schedule: { timezone: 'UTC', from: '24:00' } },
      { path: 'schedule.from', message: /must be a time of day/ },
    ],
    [
      'open together with from',
      { ...rule, schedule: { timezone: 'UTC', open: [{}], from: '06:00' } },
      {
        path: 'schedule.open',
        message: /^cannot be combined with days, from and to: move them into an entry of open$/,
      },
    ],
    [
      'open together with days',
      { ...rule, schedule: { timezone: 'UTC', open: [{}], days: ['mon'] } },
      { path: 'schedule.open', message: /^cannot be combined with days, from and to/ },
    ],
    [
      'an empty open',
      { ...rule, schedule: { timezone: 'UTC', open: [] } },
      { path: 'schedule.open', message: /entry/ },
    ],
    [
      'too many stretches',
      { ...rule, schedule: { timezone: 'UTC', open: Array.from({ length: 33 }, () => ({})) } },
      { path: 'schedule.open', message: /^must have at most 32 entries$/ },
    ],
    [
      'an invalid time of day in a stretch',
      { ...rule, schedule: { timezone: 'UTC', open: [{}, { from: '8:00' }] } },
      { path: 'schedule.open[1].from', message: /must be a time of day such as 06:00/ },
    ],
    ...['2026-02-29', '2026-13-01', '2026-04-31', '26-12-25', '25.12.2026', '2026-12-25T00:00:00Z', ''].map(
      (date): [string, unknown, { path: string; message: RegExp }] => [
        `the date ${date} in except`,
        { ...rule, schedule: { timezone: 'UTC', except: ['2026-12-25', date] } },
        { path: 'schedule.except[1]', message: /^must be a date of the calendar such as 2026-12-25$/ },
      ],
    ),
    [
      'too many dates in except',
      { ...rule, schedule: { timezone: 'UTC', except: Array.from({ length: 401 }, () => '2026-12-25') } },
      { path: 'schedule.except', message: /^must have at most 400 entries$/ },
    ],
    [
      'an unknown onClose',
      { ...rule, schedule: { timezone: 'UTC', onClose: 'end' } },
      { path: 'schedule.onClose', message: /^must be one of keep, resolve$/ },
    ],
    [
      'two levels of one severity',
      {
        ...rule,
        evaluate: {
          type: 'any',
          levels: [
            { severity: 'info', having: latest },
            { severity: 'info', having: latest },
          ],
        },
      },
      { path: 'evaluate.levels[1].severity', message: /each severity can have only one level/ },
    ],
    [
      'a list that is too long',
      any({ calc: 'latest', property: 'a', in: Array.from({ length: 1_001 }, (_, index) => index) }),
      { path: 'evaluate.having.in', message: /^must have at most 1000 entries$/ },
    ],
    [
      'an empty list',
      any({ calc: 'latest', property: 'a', in: [] }),
      { path: 'evaluate.having.in', message: /^must have at least 1 entry$/ },
    ],
    [
      'a path that is too long',
      { ...rule, partitionBy: ['a'.repeat(257)] },
      { path: 'partitionBy[0]', message: /^must have at most 256 characters$/ },
    ],
    [
      'an empty step name',
      steps([{ ...step, as: '' }]),
      { path: 'evaluate.steps[0].as', message: /^must have at least 1 character$/ },
    ],
    [
      'a label that is too long',
      { ...rule, labels: { team: 'a'.repeat(257) } },
      { path: 'labels.team', message: /^must have at most 256 characters$/ },
    ],
    [
      'a label with a key that is too long',
      { ...rule, labels: { ['a'.repeat(65)]: 'x' } },
      { path: `labels.${'a'.repeat(65)}`, message: /^the key must have at most 64 characters$/ },
    ],
    [
      'labels that are too large together',
      {
        ...rule,
        labels: Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`label-${index}`, 'x'.repeat(250)])),
      },
      {
        path: 'labels',
        message: /^have 105891 bytes of JSON in total; the maximum is 16384, .*: use fewer or shorter labels$/,
      },
    ],
    [
      'a name that is too long',
      { ...rule, name: '温'.repeat(201) },
      { path: 'name', message: /^has 603 bytes of UTF-8; the maximum is 600: shorten it$/ },
    ],
    [
      'an expect that is too large',
      {
        ...any({
          all: Array.from({ length: 60 }, (_, index) => ({ calc: 'avg', property: `p${index}`, within: '1h', gt: 1 })),
        }),
        expect: Array.from({ length: 1_000 }, (_, machineId) => ({ machineId })),
      },
      { path: 'expect', message: /^creates a state of \d+ bytes before any event; the maximum is 800000: / },
    ],
    [
      'an invalid resolved message',
      { ...rule, resolvedMessage: '{{#open}}' },
      { path: 'resolvedMessage', message: /is not a valid Mustache template/ },
    ],
    [
      'a sequence that starts with not',
      steps([{ not: step, within: '1m' }]),
      { path: 'evaluate.steps[0]', message: /must be an event/ },
    ],
    [
      'unless on the first step',
      steps([{ ...step, unless: step }, step]),
      { path: 'evaluate.steps[0].unless', message: /is not allowed: .* put unless on a later step/ },
    ],
    [
      'strict on the first step',
      steps([{ ...step, strict: true }, step]),
      { path: 'evaluate.steps[0].strict', message: /is not allowed: .* put strict on the step that must come/ },
    ],
    [
      'strict after a not',
      steps([step, { not: step, within: '1m' }, { ...step, strict: true }]),
      { path: 'evaluate.steps[2].strict', message: /is not allowed: it follows a not, .* use unless/ },
    ],
    [
      'strict on a not',
      steps([step, { not: step, within: '1m', strict: true }]),
      { path: 'evaluate.steps[1].strict', message: /is not allowed here/ },
    ],
    [
      'times on a not',
      steps([step, { not: step, within: '1m', times: 2 }]),
      { path: 'evaluate.steps[1].times', message: /is not allowed here/ },
    ],
    [
      'within on a first step of one event',
      steps([{ ...step, times: 1, within: '1m' }]),
      { path: 'evaluate.steps[0].within', message: /is not allowed: the first step has no previous step/ },
    ],
    [
      'more times than fit',
      steps([{ ...step, times: LIMITS.stepTimes + 1 }]),
      { path: 'evaluate.steps[0].times', message: /^must be at most 16$/ },
    ],
    ['no times', steps([{ ...step, times: 0 }]), { path: 'evaluate.steps[0].times', message: /^must be at least 1$/ }],
    [
      'an unless without conditions',
      steps([step, { ...step, unless: { where: [] } }]),
      { path: 'evaluate.steps[1].unless.where', message: /^must have at least 1 entry$/ },
    ],
    [
      'a within of a sequence that is no duration',
      { ...rule, evaluate: { type: 'sequence', within: '5', steps: [step, step] } },
      { path: 'evaluate.within', message: /duration/ },
    ],
    [
      'within on any',
      { ...rule, evaluate: { type: 'any', within: '1m', having: latest } },
      { path: 'evaluate.within', message: /is not allowed here/ },
    ],
    [
      'conditions of unless beyond the limit',
      steps([step, ...Array.from({ length: 8 }, () => ({ ...step, unless: { where: Array(8).fill(step.where[0]) } }))]),
      { path: 'evaluate', message: /has 74 conditions in total/ },
    ],
  ])('%s', (_, definition, { path, message }) => {
    const { issues } = checkRule(definition);
    expect(issues).toContainEqual({
      path: expect.stringContaining(path) as string,
      message: expect.stringMatching(message) as string,
    });
  });

  it.each([
    [{ ...rule, evalute: rule.evaluate }, 'evaluate'],
    [{ ...rule, kepFiringFor: '1m' }, 'keepFiringFor'],
    [{ ...rule, staleafter: '1m' }, 'staleAfter'],
    [{ ...rule, schedule: { timezone: 'UTC', onclose: 'resolve' } }, 'onClose'],
    [{ ...rule, partitonBy: ['a'] }, 'partitionBy'],
    [any({ ...latest, equls: 1 }), 'equals'],
    [any({ ...latest, proprty: 'a' }), 'property'],
    [{ ...rule, noData: { afer: '1m', after: '1m' } }, 'after'],
    [{ ...rule, schedule: { timezone: 'UTC', dyas: ['mon'] } }, 'days'],
    [{ ...rule, evaluate: { type: 'any', havng: latest, having: latest } }, 'having'],
  ])('%j: did you mean "%s"?', (definition, word) =>
    expect(checkRule(definition).issues.map(({ message }) => message)).toContainEqual(
      expect.stringContaining(`did you mean "${word}"?`),
    ),
  );

  it('with every problem in one error', () => {
    const bad = { ...rule, id: 'A', for: 'x', repeat: '1' };
    const fail = (): unknown => parseRule(bad);
    expect(fail).toThrow(VigilError);
    expect(
      checkRule(bad)
        .issues.map(({ path }) => path)
        .sort(),
    ).toEqual(['for', 'id', 'repeat']);
    expect(fail).toThrow(/The rule is not valid\. .*id: must have/);
  });

  it('with paths, in the text and for programs', () => {
    const failure = (bad: unknown): VigilError => {
      try {
        parseRule(bad);
      } catch (error) {
        if (error instanceof VigilError) return error;
      }
      throw new Error('a VigilError is expected');
    };
    const bad = { ...rule, for: 'x', repeat: '1' };
    const { issues } = checkRule(bad);
    expect(failure(bad).fields).toEqual({ issues });
    expect(failure(bad).message).toContain(issues.map(({ path, message }) => `${path}: ${message}`).join('; '));
    expect(failure('text').message).toContain('rule: must be an object');
  });

  it.each<[string, object, string[]]>([
    [
      'an unknown field',
      { ...rule, evaluate: { type: 'any', having: { ...latest, equls: 1 } } },
      ['evaluate.having.equls'],
    ],
    ['a level nine deep', levels(latest, nested(9)), ['evaluate.levels[1].having']],
    [
      'an age compared with a number in a level',
      levels({ calc: 'age', gt: 5 }, latest),
      ['evaluate.levels[0].having.gt'],
    ],
  ])('%s by its path', (_, definition, paths) =>
    expect(checkRule(definition).issues.map(({ path }) => path)).toEqual(paths),
  );
});

describe('a hostile rule is rejected cheaply', () => {
  it('nested a million deep', () => {
    let bomb: object = latest;
    for (let depth = 0; depth < 1_000_000; depth++) bomb = { not: bomb };
    expect(checkRule(any(bomb)).issues[0]?.message).toMatch(/is nested deeper than/);
  });

  it('with a circular reference', () => {
    const circle: { not?: object } = {};
    circle.not = circle;
    expect(checkRule(any(circle)).issues[0]?.message).toMatch(/contains a circular reference/);
  });

  it('that is huge only in bytes', () => {
    const values = Array.from({ length: 300 }, (_, index) => `${index}${'温'.repeat(200)}`);
    expect(checkRule(any({ ...latest, equals: undefined, in: values })).issues[0]?.message).toMatch(
      /^has 18\d{4} bytes of JSON; the maximum is 131072$/,
    );
  });

  it('that is huge', () =>
    expect(checkRule({ ...rule, message: 'x'.repeat(10_000_000) }).issues[0]?.message).toMatch(/bytes of JSON/));

  it('that names a prototype', () => {
    const hostile = JSON.parse(JSON.stringify(rule).replace('{', '{"__proto__": {"polluted": true}, ')) as object;
    checkRule(hostile);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

it('a path is written as in the rule', () =>
  expect(pathText(['evaluate', 'all', 0, 'property'])).toBe('evaluate.all[0].property'));
