import { runRuleTest } from '../../../offline/run-rule-test.ts';
import { readTestFile } from '../../../rules/check-files.ts';
import { TESTS, withFolders } from '../../../rules/folders.ts';
import type { RuleTests } from '../../../rules/rule-test-files.ts';
import { issueText } from '../../../rules/yaml-entries.ts';
import { counted } from '../../output/counted.ts';
import { FAILED, OK, type CliIo } from '../../io.ts';
import { comparisonTable } from '../../output/comparison-table.ts';

interface Score {
  passed: number;
  failed: number;
}

/**
 * Runs the rule tests of the files. Prints a line per test and, for a failed one, expected and actual transitions.
 * Resolves with the exit code.
 */
export async function testRules(files: readonly string[], io: CliIo): Promise<number> {
  const score: Score = { passed: 0, failed: 0 };
  let broken = 0;
  for (const file of new Set(await withFolders(files, TESTS))) {
    io.stdout.write(`${file}\n`);
    const { tests, issues } = await readTestFile(file);
    for (const issue of issues) io.stdout.write(`  ${issueText(issue)}\n`);
    if (issues.length > 0) broken += 1;
    for (const each of tests) runTests(each, io, score);
  }
  const unreadable = broken > 0 ? `, ${counted(broken, 'invalid file')}` : '';
  io.stdout.write(
    `${counted(score.passed + score.failed, 'test')}: ${score.passed} passed, ${score.failed} failed${unreadable}\n`,
  );
  return score.failed + broken > 0 ? FAILED : OK;
}

function runTests({ file, rules, tests, lineOf }: RuleTests, { stdout }: CliIo, score: Score): void {
  for (const [index, test] of tests.entries()) {
    const path = `tests[${index}]`;
    const { passed, comparisons, startMs, remarks } = runRuleTest(test, rules);
    score[passed ? 'passed' : 'failed'] += 1;
    stdout.write(passed ? `  ✓ ${test.name}\n` : `  ✗ ${test.name} (${file}:${lineOf(path)})\n`);
    for (const remark of remarks)
      stdout.write(`      ${file}:${lineOf(`${path}.${remark.path}`)}: ${remark.path} ${remark.message}\n`);
    if (!passed) stdout.write(comparisonTable(comparisons, startMs).replaceAll(/^/gm, '      ').trimEnd() + '\n');
  }
}
