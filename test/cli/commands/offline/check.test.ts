import { describe, expect, it } from 'vitest';
import { tempFiles } from '../../../support/temp-files.ts';
import { vigil } from '../../run-vigil.ts';

const { folder, write } = tempFiles();

const RULE = `id: stopped
clientId: client-01
where: [{ property: type, equals: status }]
evaluate: { type: any, having: { calc: latest, property: state, equals: stopped } }
`;

async function check(...args: string[]): Promise<{ code: number; lines: string[]; err: string }> {
  const { code, out, err } = await vigil(['rules', 'check', ...args]);
  return { code, lines: out.replaceAll(`${folder}/`, '').trimEnd().split('\n'), err };
}

describe('vigil rules check', () => {
  it('prints what it has checked', async () => {
    const files = [
      write('rule.yaml', RULE),
      write('rule.test.yaml', 'rules: [./rule.yaml]\ntests:\n  - { name: silence, expect: [] }\n'),
    ];
    expect(await check(...files)).toEqual({ code: 0, lines: ['1 rule and 1 test in 2 files: valid'], err: '' });
  });

  it('lists every error of every file, with file, line, path and how to fix it', async () => {
    const bad = write(
      'bad.yaml',
      `${RULE}heartbeet: 5m\nseverity: high\n---\nid: x\nclientId: Client\nwhere: []\nevaluate: { type: al }\n`,
    );
    const { code, lines } = await check(bad, 'nowhere.yaml', write('rule.yaml', RULE));
    expect(code).toBe(1);
    expect(lines).toEqual([
      'bad.yaml:5: heartbeet: is not a known field; did you mean "heartbeat"?',
      'bad.yaml:6: severity: must be one of info, warning, critical',
      'bad.yaml:9: clientId: must have 1 to 64 characters of a-z, 0-9 and "-", and start with a letter or digit',
      "bad.yaml:10: where: must not be empty; to match every event, use {property: type, equals: '*'}",
      'bad.yaml:11: evaluate.type: must be one of all, any, none, each, count, percent, sum, avg, min, max, sequence',
      expect.stringMatching(/^nowhere.yaml: cannot be read: ENOENT/),
      '1 rule in 3 files: 6 errors',
    ]);
  });

  it('warns about valid rules that are probably mistakes', async () => {
    const odd = write(
      'odd.yaml',
      `id: odd
clientId: c
where:
  - { property: type, equals: status }
  - { property: type, equals: test }
evaluate:
  type: any
  having: { calc: latest, property: celsius, gt: 10, lt: 5 }
`,
    );
    expect(await check(odd)).toEqual({
      code: 0,
      lines: [
        'odd.yaml:3: where: warning: can never hold: the conditions on type exclude each other',
        'odd.yaml:8: evaluate.having: warning: can never hold: no value satisfies gt 10 and lt 5',
        '1 rule in 1 file: 2 warnings',
      ],
      err: '',
    });
  });

  it('prints JSON', async () => {
    const { code, lines } = await check('--json', write('bad.yaml', `${RULE}heartbeet: 5m\n`));
    expect(code).toBe(1);
    expect(JSON.parse(lines.join('\n'))).toEqual({
      files: 1,
      rules: 0,
      tests: 0,
      errors: [
        {
          file: 'bad.yaml',
          line: 5,
          path: 'heartbeet',
          message: 'is not a known field; did you mean "heartbeat"?',
        },
      ],
      warnings: [],
    });
  });
});

describe('vigil rules check with rule tests', () => {
  const test = (text: string): string =>
    write('some.test.yaml', `rules: [./rule.yaml]\ntests:\n  - name: a test\n${text.replaceAll(/^/gm, '    ')}\n`);

  it.each([
    ['expct: []', 4, 'tests[0].expct: is not a known field; did you mean "expect"?'],
    ['name2: x', 3, 'tests[0].expect: is missing; it must be a list'],
    ['expect: {}', 4, 'tests[0].expect: must be a list'],
    ['expect: [{ at: 5, status: firing }]', 4, 'tests[0].expect[0].at: must be a string'],
    [
      'expect: [{ at: 5 min, status: firing }]',
      4,
      'tests[0].expect[0].at: must be an offset from the start such as 0s, 90s or 1h30m, or an ISO 8601 time',
    ],
    [
      'expect: [{ at: 99999999999d, status: firing }]',
      4,
      'tests[0].expect[0].at: must be an offset from the start such as 0s, 90s or 1h30m, or an ISO 8601 time',
    ],
    [
      'expect: [{ at: 5m }]',
      4,
      'tests[0].expect[0].status: is missing; it must be one of firing, resolved, severity, latched, unlatched',
    ],
    [
      'expect: [{ at: 5m, status: heartbeat }]',
      4,
      'tests[0].expect[0].status: must be one of firing, resolved, severity, latched, unlatched',
    ],
    [
      'expect:\n  - { at: 5m, status: firing }\n  - { at: 4m, status: resolved }',
      6,
      'tests[0].expect[1].at: is before the previous expectation (5m); list expectations in time order',
    ],
    [
      'expect: [{ at: 5m, status: firing, ruleId: stoped }]',
      4,
      'tests[0].expect[0].ruleId: is not a rule of these files; did you mean "stopped"?',
    ],
    ['expect: [{ at: 5m, status: firing, partition: m1 }]', 4, 'tests[0].expect[0].partition: must be an object'],
    ['start: soon\nexpect: []', 4, 'tests[0].start: must be an ISO 8601 time such as 2026-01-01T00:00:00Z'],
    [
      'until: 5 years\nexpect: []',
      4,
      'tests[0].until: must be an offset from the start such as 0s, 90s or 1h30m, or an ISO 8601 time',
    ],
    [
      'events: [{ at: 0s, type: status }]\nexpect: []',
      4,
      'tests[0].events[0].clientId: is missing; it must be a string',
    ],
  ])('rejects %s', async (text, line, message) => {
    write('rule.yaml', RULE);
    const { code, lines } = await check(test(text));
    expect(code).toBe(1);
    expect(lines).toContain(`some.test.yaml:${line}: ${message}`);
  });

  it('rejects tests of missing rules, and reports issues of existing rules', async () => {
    const tests = (rules: string): string =>
      write('some.test.yaml', `rules: ${rules}\ntests:\n  - { name: silence, expect: [] }\n`);
    write('bad.yaml', 'id: A\n');
    write('only.test.yaml', 'rules: []\ntests: []\n');
    expect((await check(tests('[./gone.yaml]'))).lines[0]).toMatch(
      /^some.test.yaml:1: rules\[0\]: gone.yaml: cannot be read: ENOENT/,
    );
    expect((await check(tests('[./bad.yaml]'))).lines[0]).toMatch(/^bad.yaml:1: id: must have /);
    expect((await check(tests('[./only.test.yaml]'))).lines[0]).toBe(
      'some.test.yaml:1: rules: these files contain no rules',
    );
    expect((await check(tests('[]'))).lines[0]).toBe('some.test.yaml:1: rules: must name at least one rule file');
  });
});
