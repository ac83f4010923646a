import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'vigil-ci-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface FailedTest {
  titles: string[];
  message: string;
}

/** A file of vitest's report, with a number of passed tests and these failed ones. */
const file = (status: string, { passed = 0, failed = [] as FailedTest[], message = '' } = {}): object => ({
  name: join(process.cwd(), 'test/some.test.ts'),
  status,
  message,
  assertionResults: [
    ...Array.from({ length: passed }, () => ({ status: 'passed' })),
    ...failed.map(({ titles, message }) => ({
      status: 'failed',
      ancestorTitles: titles.slice(0, -1),
      title: titles.at(-1),
      failureMessages: [message],
    })),
  ],
});
const failedTest: FailedTest = {
  titles: ['a word', 'fires'],
  message: 'AssertionError: expected 1 to be 2\n    at x\n    at node_modules/y',
};

interface Run {
  exitCode?: number;
  nodes?: { exitCode: number; failure: string };
  counts?: Partial<Record<string, number>>;
  files?: object[];
}

/** Runs the summary. `lines` are those that are not empty. */
function summaryOf({ exitCode = 0, nodes, counts = {}, files = [] }: Run): { lines: string[]; status: number | null } {
  const [report, failure] = [join(folder, 'report.json'), join(folder, 'nodes.txt')];
  const none = { numPassedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  writeFileSync(report, JSON.stringify({ ...none, ...counts, testResults: files }));
  writeFileSync(failure, nodes?.failure ?? '');
  const args = ['.ci/summary.mjs', report, String(exitCode), failure, String(nodes?.exitCode ?? 0)];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { lines: stdout.split('\n').filter((line) => line !== ''), status };
}

describe('the end of the output of .ci/run', () => {
  it('counts passed, skipped and todo tests, and nothing else', () => {
    const counts = { numPassedTests: 2, numPendingTests: 1, numTodoTests: 1 };
    expect(summaryOf({ counts, files: [file('passed', { passed: 2 })] })).toEqual({
      lines: ['2 passed, 0 failed, 2 skipped'],
      status: 0,
    });
  });

  it('names each failed test with its file and message', () => {
    const files = [file('failed', { passed: 1, failed: [failedTest] })];
    expect(summaryOf({ exitCode: 1, counts: { numPassedTests: 1 }, files })).toEqual({
      lines: [
        'FAILED test/some.test.ts > a word > fires',
        '  AssertionError: expected 1 to be 2',
        '      at x',
        '1 passed, 1 failed, 0 skipped',
      ],
      status: 1,
    });
  });

  it('shows at most 20 failures, each with at most 10 lines, and counts all', () => {
    const long = { ...failedTest, message: 'a line\n'.repeat(50) };
    const { lines } = summaryOf({
      exitCode: 1,
      files: [file('failed', { failed: Array.from({ length: 25 }, () => long) })],
    });
    expect(lines.filter((line) => line.startsWith('FAILED'))).toHaveLength(20);
    expect(lines.filter((line) => line === '  a line')).toHaveLength(200);
    expect(lines.slice(-2)).toEqual(['… and 5 more', '0 passed, 25 failed, 0 skipped']);
  });

  it('names a file that cannot be loaded', () => {
    expect(summaryOf({ exitCode: 1, files: [file('failed', { message: 'Cannot find module x' })] }).lines).toEqual([
      'FAILED test/some.test.ts',
      '  Cannot find module x',
      '0 passed, 1 failed, 0 skipped',
    ]);
  });

  it('names a file whose hook fails, of which the report has no message', () => {
    expect(summaryOf({ exitCode: 1, files: [file('failed', { passed: 1 })] }).lines.slice(0, 2)).toEqual([
      'FAILED test/some.test.ts',
      '  no test failed: a hook did; see the output of npm test',
    ]);
  });

  it('counts an error outside any test as failed', () => {
    const { lines } = summaryOf({ exitCode: 1, counts: { numPassedTests: 1 }, files: [file('passed', { passed: 1 })] });
    expect([lines[0], lines.at(-1)]).toEqual(['FAILED npm test: exit code 1', '1 passed, 1 failed, 0 skipped']);
  });

  it('names the failed command of test:nodes, also next to a failed test', () => {
    const nodes = { exitCode: 1, failure: 'Node 22: vitest run --project unit failed: exit code 1\n' };
    const named = [
      'FAILED npm run test:nodes: exit code 1',
      '  Node 22: vitest run --project unit failed: exit code 1',
    ];
    expect(summaryOf({ nodes })).toEqual({ lines: [...named, '0 passed, 1 failed, 0 skipped'], status: 1 });
    const files = [file('failed', { failed: [failedTest] })];
    expect(summaryOf({ exitCode: 1, nodes, files }).lines.slice(-3)).toEqual([
      ...named,
      '0 passed, 2 failed, 0 skipped',
    ]);
  });

  it('fails if there is no report', () => {
    const { stdout, status } = spawnSync(process.execPath, ['.ci/summary.mjs', join(folder, 'nothing.json'), '0'], {
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/vitest left no report.*\n\n0 passed, 1 failed, 0 skipped\n$/);
    expect(status).toBe(1);
  });
});
