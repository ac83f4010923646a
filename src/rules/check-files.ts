import { analyseRule } from '../core/language/analysis/analysis.ts';
import { isTestEntry, readRule, withoutDoubles, type RuleInFile } from './rule-files.ts';
import { readRuleTests, type RuleTests } from './rule-test-files.ts';
import { issueText, readYamlOrIssue, type FileIssue } from './yaml-entries.ts';

export interface Findings {
  files: number;
  rules: number;
  tests: number;
  errors: FileIssue[];
  /** Valid, but probably not what the author meant. */
  warnings: FileIssue[];
}

/** Checks files of rules and rule tests. Lists every problem, in the order of files and lines. */
export async function checkFiles(paths: readonly string[]): Promise<Findings> {
  const files = [...new Set(paths)];
  const read = await Promise.all(files.map(readYamlOrIssue));
  const entries = read.flatMap((file) => file.entries);
  const ruleReads = entries.filter((entry) => !isTestEntry(entry)).map(readRule);
  const testReads = await Promise.all(entries.filter(isTestEntry).map(readRuleTests));
  const { rules, issues } = withoutDoubles({
    rules: ruleReads.flatMap((each) => each.rules),
    issues: [...read, ...ruleReads, ...testReads].flatMap((each) => each.issues),
  });
  return {
    files: files.length,
    rules: rules.length,
    tests: testReads.reduce((sum, { tests }) => sum + (tests?.tests.length ?? 0), 0),
    errors: inOrder(issues, files),
    warnings: inOrder(rules.flatMap(warningsOf), files),
  };
}

/** The tests of one file. Entries without tests are issues. */
export async function readTestFile(file: string): Promise<{ tests: RuleTests[]; issues: FileIssue[] }> {
  const { entries, issues } = await readYamlOrIssue(file);
  const noTests = entries
    .filter((entry) => !isTestEntry(entry))
    .map(({ lineOf }): FileIssue => {
      return {
        file,
        line: lineOf(''),
        path: '',
        message: 'has no `tests`; to check rules, run `vigil rules check`',
      };
    });
  const read = await Promise.all(entries.filter(isTestEntry).map(readRuleTests));
  const tests = read.flatMap((each) => each.tests ?? []);
  return { tests, issues: inOrder([...issues, ...noTests, ...read.flatMap((each) => each.issues)], [file]) };
}

const warningsOf = ({ rule, file, lineOf }: RuleInFile): FileIssue[] =>
  analyseRule(rule).map(({ path, message }) => ({ file, line: lineOf(path), path, message }));

/** In the order of the given files, then by line. Each issue once, because several tests may use the same rule. */
function inOrder(issues: readonly FileIssue[], files: readonly string[]): FileIssue[] {
  const once = [...new Map(issues.map((issue) => [issueText(issue), issue])).values()];
  const place = ({ file }: FileIssue): number => (files.includes(file) ? files.indexOf(file) : files.length);
  return once.sort((a, b) => place(a) - place(b) || (a.line ?? 0) - (b.line ?? 0));
}
