import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { comparisonTable } from '../../src/cli/output/comparison-table.ts';
import { runRuleTest } from '../../src/offline/run-rule-test.ts';
import { readTestFile } from '../../src/rules/check-files.ts';
import { issueText } from '../../src/rules/yaml-entries.ts';

// The cases of vigil itself are written as its users write theirs; those of examples/ run in test/docs/rules-reference.test.ts.
const FOLDER = 'test/cases';
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.yaml'))
  .map((name) => join(FOLDER, name))
  .sort();

const read = await Promise.all(files.map(async (file) => ({ file, ...(await readTestFile(file)) })));

describe.each(read)('$file', ({ tests, issues }) => {
  it('is valid', () => expect(issues.map(issueText)).toEqual([]));

  const cases = tests.flatMap((group) => group.tests.map((test) => ({ name: test.name, test, rules: group.rules })));
  it.each(cases)('$name', ({ test, rules }) => {
    const { passed, comparisons, startMs } = runRuleTest(test, rules);
    expect(passed, `\n${comparisonTable(comparisons, startMs)}`).toBe(true);
  });
});
