import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'vigil-ci-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (status: string, ...tests: string[]): object => ({
  status,
  assertionResults: tests.map((it) => ({ status: it })),
});

function summaryOf(
  exitCode: number,
  counts: Partial<Record<string, number>>,
  ...testResults: object[]
): [string | undefined, number | null] {
  const report = join(folder, 'report.json');
  const none = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  writeFileSync(report, JSON.stringify({ ...none, ...counts, testResults }));
  const { stdout, status } = spawnSync(process.execPath, ['.ci/summary.mjs', report, String(exitCode)], {
    encoding: 'utf8',
  });
  return [stdout.trimEnd().split('\n').at(-1), status];
}

describe('the last line of .ci/run', () => {
  it('counts passed tests', () => {
    expect(summaryOf(0, { numPassedTests: 2 }, file('passed', 'passed', 'passed'))).toEqual([
      '2 passed, 0 failed, 0 skipped',
      0,
    ]);
  });

  it('counts failed tests, and fails', () => {
    const counts = { numPassedTests: 1, numFailedTests: 1 };
    expect(summaryOf(1, counts, file('failed', 'passed', 'failed'))).toEqual(['1 passed, 1 failed, 0 skipped', 1]);
  });

  it('counts skipped and todo tests', () => {
    expect(summaryOf(0, { numPassedTests: 1, numPendingTests: 1, numTodoTests: 1 })).toEqual([
      '1 passed, 0 failed, 2 skipped',
      0,
    ]);
  });

  it('counts a file that cannot be loaded as failed', () => {
    expect(summaryOf(1, {}, file('failed'))).toEqual(['0 passed, 1 failed, 0 skipped', 1]);
  });

  it('counts an error outside any test as failed', () => {
    expect(summaryOf(1, { numPassedTests: 1 }, file('passed', 'passed'))).toEqual(['1 passed, 1 failed, 0 skipped', 1]);
  });

  it('fails if there is no report', () => {
    const { status } = spawnSync(process.execPath, ['.ci/summary.mjs', join(folder, 'nothing.json'), '0']);
    expect(status).toBe(1);
  });
});
