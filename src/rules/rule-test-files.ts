import { dirname, isAbsolute, join } from 'node:path';
import { nearestWord } from '../core/primitives/text/nearest-word.ts';
import { explainIssue, type Issue } from '../core/language/parse/explain-issue.ts';
import { putBack, withDoubles } from '../core/language/parse/whole-numbers.ts';
import type { Rule } from '../core/model/rule/rule-schema.ts';
import { momentMs } from '../offline/moment.ts';
import { ruleTestFileSchema, type RuleTest } from '../offline/rule-test-schema.ts';
import { startOf } from '../offline/run-rule-test.ts';
import { readRuleFiles } from './rule-files.ts';
import { issueText, type FileIssue, type YamlEntry } from './yaml-entries.ts';

/** The tests of a file, with the rules that they test. */
export interface RuleTests {
  file: string;
  rules: Rule[];
  tests: RuleTest[];
  lineOf: YamlEntry['lineOf'];
}

/** Reads tests and their rules; `tests` is set only if there are no issues. */
export async function readRuleTests({
  file,
  value,
  lineOf,
}: YamlEntry): Promise<{ tests?: RuleTests; issues: FileIssue[] }> {
  const located = ({ path, message }: Issue): FileIssue => ({ file, line: lineOf(path), path, message });
  const { value: doubles, found } = withDoubles(value);
  const parsed = ruleTestFileSchema.safeParse(doubles, { reportInput: true });
  if (!parsed.success)
    return { issues: parsed.error.issues.flatMap((issue) => explainIssue(issue, WORDS)).map(located) };

  const content = parsed.data;
  putBack(content, found, (number) => number);
  const files = content.rules.map((path) => (isAbsolute(path) ? path : join(dirname(file), path)));
  const read = await readRuleFiles(files);
  const rules = read.rules.map(({ rule }) => rule);
  const inRules = read.issues.map((issue) => {
    // Report an unreadable rule file at the line that names it.
    return issue.line === null
      ? located({ path: `rules[${files.indexOf(issue.file)}]`, message: issueText(issue) })
      : issue;
  });
  // With invalid rules, the known ids are incomplete.
  const known = inRules.length > 0 ? undefined : rules.map(({ id }) => id);
  const none =
    rules.length + inRules.length === 0 ? [located({ path: 'rules', message: 'these files contain no rules' })] : [];
  const issues = [
    ...inRules,
    ...none,
    ...content.tests.flatMap((test, index) => inTest(test, `tests[${index}]`, known)).map(located),
  ];
  return issues.length > 0 ? { issues } : { tests: { file, rules, tests: content.tests, lineOf }, issues };
}

const WORDS = [
  'rules',
  'tests',
  'name',
  'start',
  'events',
  'until',
  'expect',
  'at',
  'status',
  'ruleId',
  'clientId',
  'group',
  'partition',
].concat(['episode', 'reason', 'severity', 'startsAt', 'endsAt', 'message', 'labels']);

/** Checks that the schema cannot express. */
function inTest(test: RuleTest, path: string, ids: readonly string[] | undefined): Issue[] {
  const startMs = startOf(test);
  return test.expect.flatMap(({ at, ruleId }, index): Issue[] => {
    const before = test.expect[index - 1]?.at;
    if (before !== undefined && (momentMs(at, startMs) ?? NaN) < (momentMs(before, startMs) ?? NaN)) {
      return [
        {
          path: `${path}.expect[${index}].at`,
          message: `is before the previous expectation (${before}); list expectations in time order`,
        },
      ];
    }
    if (ruleId === undefined || ids === undefined || ids.includes(ruleId)) return [];
    const nearest = nearestWord(ruleId, ids);
    const advice = nearest === undefined ? `known ids: ${ids.join(', ')}` : `did you mean "${nearest}"?`;
    return [{ path: `${path}.expect[${index}].ruleId`, message: `is not a rule of these files; ${advice}` }];
  });
}
