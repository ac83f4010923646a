import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { VigilError } from '../core/primitives/errors.ts';
import { checkRule } from '../core/language/parse/parse-rule.ts';
import type { Rule } from '../core/model/rule/rule-schema.ts';
import { issueText, readYamlOrIssue, type FileIssue, type YamlEntry } from './yaml-entries.ts';

const RULE_FILE_EXTENSIONS = new Set(['.yaml', '.yml', '.json']);

/** A valid rule and its location. */
export interface RuleInFile {
  rule: Rule;
  file: string;
  lineOf: YamlEntry['lineOf'];
}

export interface RulesRead {
  rules: RuleInFile[];
  /** Every problem found. */
  issues: FileIssue[];
}

/** An entry with `tests` is not a rule. Rule tests may be in the same files as rules, and reading rules skips them. */
export const isTestEntry = ({ value }: YamlEntry): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'tests');

/** Reads rule files as far as possible. A file may hold one rule, a list, or several documents. */
export async function readRuleFiles(files: readonly string[]): Promise<RulesRead> {
  const read = await Promise.all([...new Set(files)].map(readRuleFile));
  return withoutDoubles(joined(read));
}

async function readRuleFile(file: string): Promise<RulesRead> {
  const { entries, issues } = await readYamlOrIssue(file);
  return joined([{ rules: [], issues }, ...entries.filter((entry) => !isTestEntry(entry)).map(readRule)]);
}

/** One rule, or its problems. */
export function readRule({ file, value, lineOf }: YamlEntry): RulesRead {
  const { rule, issues } = checkRule(value);
  return {
    rules: rule === undefined ? [] : [{ rule, file, lineOf }],
    issues: issues.map(({ path, message }) => ({
      file,
      line: lineOf(path),
      path,
      message: path === '' ? `the rule ${message}` : message,
    })),
  };
}

/** Keeps the first rule of each client and id, and reports the others. */
export function withoutDoubles({ rules, issues }: RulesRead): RulesRead {
  const first = new Map<string, RuleInFile>();
  const doubles: FileIssue[] = [];
  for (const each of rules) {
    const { clientId, id } = each.rule;
    const known = first.get(`${clientId}/${id}`);
    if (known === undefined) first.set(`${clientId}/${id}`, each);
    else {
      const message = `${clientId} already has a rule ${id}, in ${known.file}:${known.lineOf('id')}; ids must be unique within a client`;
      doubles.push({ file: each.file, line: each.lineOf('id'), path: 'id', message });
    }
  }
  return { rules: [...first.values()], issues: [...issues, ...doubles] };
}

function joined(read: readonly RulesRead[]): RulesRead {
  return { rules: read.flatMap(({ rules }) => rules), issues: read.flatMap(({ issues }) => issues) };
}

/**
 * The rules of these files.
 * @throws VigilError RULE_INVALID with `fields: {issues: FileIssue[]}`, every one
 */
export async function loadRules(files: readonly string[]): Promise<Rule[]> {
  const { rules, issues } = await readRuleFiles(files);
  if (issues.length > 0) throw new VigilError('RULE_INVALID', issues.map(issueText).join('\n'), { issues });
  return rules.map(({ rule }) => rule);
}

/**
 * Every rule of the rule files in a folder, in the order of file names.
 * @throws VigilError FILE_UNREADABLE, RULE_INVALID
 */
export async function readRuleFolder(folder: string): Promise<Rule[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    throw new VigilError(
      'FILE_UNREADABLE',
      `${folder}: set VIGIL_RULES_DIR to a folder with rule files.`,
      { folder },
      { cause: error },
    );
  }
  const files = names.filter((name) => RULE_FILE_EXTENSIONS.has(extname(name))).sort();
  return loadRules(files.map((name) => join(folder, name)));
}
