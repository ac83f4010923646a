import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { VigilError } from '../core/errors.ts';
import { checkRule, type RuleIssue } from '../core/parse-rule.ts';
import type { Rule } from '../core/rule-schema.ts';

const RULE_FILE_EXTENSIONS = new Set(['.yaml', '.yml', '.json']);

/**
 * Reads the rules of a YAML or JSON file, which may hold several documents.
 * @throws VigilError FILE_UNREADABLE, or RULE_INVALID with `fields: {file, issues}`
 */
export async function readRuleFile(file: string): Promise<Rule[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new VigilError('FILE_UNREADABLE', `${file}: ${error instanceof Error ? error.message : String(error)}`, { file }, { cause: error });
  }
  const documents = parseAllDocuments(text);
  const issues: RuleIssue[] = [];
  const rules: Rule[] = [];
  for (const document of documents) {
    for (const { message } of document.errors) issues.push({ path: '', message });
    if (document.errors.length > 0) continue;
    const checked = checkRule(document.toJS());
    issues.push(...checked.issues);
    if (checked.rule !== undefined) rules.push(checked.rule);
  }
  if (issues.length > 0) {
    throw new VigilError('RULE_INVALID', issues.map(({ path, message }) => `${file}: ${path === '' ? 'rule' : path} ${message}`).join('; '), { file, issues });
  }
  return rules;
}

/** Every rule of the rule files in a folder, by name. */
export async function readRuleFolder(folder: string): Promise<Rule[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    throw new VigilError('FILE_UNREADABLE', `${folder}: set VIGIL_RULES_DIR to a folder of rule files.`, { folder }, { cause: error });
  }
  const files = names.filter((name) => RULE_FILE_EXTENSIONS.has(extname(name))).sort();
  const rules = await Promise.all(files.map((name) => readRuleFile(join(folder, name))));
  return rules.flat();
}
