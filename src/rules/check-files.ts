import { analyseRule } from '../core/language/analysis.ts';
import { isTestEntry, readRule, withoutDoubles, type RuleInFile } from './rule-files.ts';
import { readRuleTests, type RuleTests } from './rule-test-files.ts';
import { issueText, readYamlOrIssue, type FileIssue } from './yaml-entries.ts';

export interface Findings {
  files: number;
  rules: number;
  tests: number;
  errors: FileIssue[];
  /** What is valid and can hardly be meant. */
  warnings: FileIssue[];
}

/** Checks files of rules and of rule tests, and lists everything that is wrong, in the order of files and lines. */
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

/** The tests of one file. What is no test is wrong in it. */
export async function readTestFile(file: string): Promise<{ tests: RuleTests[]; issues: FileIssue[] }> {
  const { entries, issues } = await readYamlOrIssue(file);
  const noTests = entries
    .filter((entry) => !isTestEntry(entry))
    .map(({ lineOf }): FileIssue => {
      return {
        file,
        line: lineOf(''),
        path: '',
        message: 'has no `tests`; rules themselves are checked by `vigil rules check`',
      };
    });
  const read = await Promise.all(entries.filter(isTestEntry).map(readRuleTests));
  const tests = read.flatMap((each) => each.tests ?? []);
  return { tests, issues: inOrder([...issues, ...noTests, ...read.flatMap((each) => each.issues)], [file]) };
}

const warningsOf = ({ rule, file, lineOf }: RuleInFile): FileIssue[] =>
  analyseRule(rule).map(({ path, message }) => ({ file, line: lineOf(path), path, message }));

/** By the files as they were named, then by line; each once, as several tests may be about the same rule. */
function inOrder(issues: readonly FileIssue[], files: readonly string[]): FileIssue[] {
  const once = [...new Map(issues.map((issue) => [issueText(issue), issue])).values()];
  const place = ({ file }: FileIssue): number => (files.includes(file) ? files.indexOf(file) : files.length);
  return once.sort((a, b) => place(a) - place(b) || (a.line ?? 0) - (b.line ?? 0));
}
