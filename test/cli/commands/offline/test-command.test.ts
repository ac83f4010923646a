import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFiles } from '../../../support/temp-files.ts';
import { vigil } from '../../run-vigil.ts';

const { folder, write } = tempFiles();

write(
  'rules/stopped.yaml',
  `id: stopped
clientId: client-01
where: [{ property: type, equals: status }]
partitionBy: [machineId]
evaluate: { type: each, having: { calc: latest, property: state, equals: stopped } }
for: 1m
severity: critical
`,
);
const SILENCE = 'rules: [../rules/stopped.yaml]\ntests:\n  - { name: silence, expect: [] }\n';

const FIRES = `rules: [../rules/stopped.yaml]
tests:
  - name: fires after a minute
    start: 2026-01-01T00:00:00Z
    events:
      - { at: 0s, clientId: client-01, type: status, machineId: m1, state: stopped }
      - { at: 3m, clientId: client-01, type: status, machineId: m1, state: running }
    until: 10m
    expect:
      - { at: 1m, ruleId: stopped, status: firing, partition: { machineId: m1 }, severity: SEVERITY }
      - { at: 3m, ruleId: stopped, status: resolved }
`;

async function test(...files: string[]): Promise<{ code: number; lines: string[]; err: string }> {
  const { code, out, err } = await vigil(['rules', 'test', ...files]);
  return { code, lines: out.replaceAll(`${folder}/`, '').trimEnd().split('\n'), err };
}

describe('vigil rules test', () => {
  it('runs every test in a directory tree', async () => {
    const inFolder = [
      write('all/a.test.yaml', SILENCE),
      write('all/deep/down/b.test.yml', SILENCE.replace('../', '../../../')),
    ];
    write('all/no-test.yaml', 'id: not a rule');
    const { code, lines } = await test(dirname(inFolder[0] ?? ''));
    expect(code).toBe(0);
    expect(lines).toEqual([
      'all/a.test.yaml',
      '  ✓ silence',
      'all/deep/down/b.test.yml',
      '  ✓ silence',
      '2 tests: 2 passed, 0 failed',
    ]);
  });

  it('runs the tests of all files, with rule paths relative to each file', async () => {
    const files = [
      write('tests/a.test.yaml', FIRES.replace('SEVERITY', 'critical')),
      write('tests/b.test.yaml', SILENCE),
    ];
    expect(await test(...files)).toEqual({
      code: 0,
      lines: [
        'tests/a.test.yaml',
        '  ✓ fires after a minute',
        'tests/b.test.yaml',
        '  ✓ silence',
        '2 tests: 2 passed, 0 failed',
      ],
      err: '',
    });
  });

  it('shows expected and actual transitions of a failed test', async () => {
    const { code, lines } = await test(
      write('tests/a.test.yaml', FIRES.replace('SEVERITY', 'warning').replace('at: 3m, ruleId', 'at: 2m, ruleId')),
    );
    expect(code).toBe(1);
    expect(lines).toEqual([
      'tests/a.test.yaml',
      '  ✗ fires after a minute (tests/a.test.yaml:3)',
      '         expected                                                         got',
      '      ✗  1m firing stopped partition={"machineId":"m1"} severity=warning  1m firing stopped partition={"machineId":"m1"} severity=critical',
      '      ✗  2m resolved stopped                                              –',
      '      ✗  –                                                                3m resolved stopped partition={"machineId":"m1"} reason=cleared',
      '1 test: 0 passed, 1 failed',
    ]);
  });

  it('reports events that no rule got', async () => {
    const late = write(
      'tests/late.test.yaml',
      SILENCE.replace(', expect: []', ', until: 1m, expect: [], events: [{ at: 2m, clientId: c, type: t }]'),
    );
    const { code, lines } = await test(late);
    expect(code).toBe(0);
    expect(lines).toContain('      tests/late.test.yaml:3: events[0] is not played: it arrives after `until`');
  });

  it('runs the other files if one is invalid, and fails', async () => {
    const { code, lines } = await test(
      write('tests/bad.test.yaml', 'rules: [../rules/stopped.yaml]\ntests: []\n'),
      write('tests/b.test.yaml', SILENCE),
    );
    expect(code).toBe(1);
    expect(lines).toEqual([
      'tests/bad.test.yaml',
      '  tests/bad.test.yaml:2: tests: must not be empty',
      'tests/b.test.yaml',
      '  ✓ silence',
      '1 test: 1 passed, 0 failed, 1 invalid file',
    ]);
  });

  it('gives advice for a file without tests', async () => {
    const { code, lines } = await test(`${folder}/rules/stopped.yaml`);
    expect(code).toBe(1);
    expect(lines[1]).toBe('  rules/stopped.yaml:1: has no `tests`; to check rules, run `vigil rules check`');
  });
});
