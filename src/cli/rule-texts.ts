import { VigilError } from '../core/primitives/errors.ts';
import { withFolders, YAML } from '../rules/folders.ts';
import { isTestEntry } from '../rules/rule-files.ts';
import { issueText, readYaml, type YamlEntry } from '../rules/yaml-entries.ts';
import type { RuleAddress } from './commands/rules/one-rule.ts';

/** An unchecked rule from a file; vigil checks it. */
export type RuleText = YamlEntry & { value: Record<string, unknown> };

/**
 * The rules of files, and of the YAML files in and below folders.
 * `defaults`: for rules that do not say these.
 * @throws VigilError FILE_UNREADABLE, RULE_INVALID for an entry that is not a rule, or if there is no rule
 */
export async function readRuleTexts(
  paths: readonly string[],
  defaults: { clientId?: string } = {},
): Promise<RuleText[]> {
  const files = await withFolders(paths, YAML);
  const found = (await Promise.all(files.map(readFile))).flat();
  const rules = found.map((text) => ({ ...text, value: { ...defaults, ...text.value } }));
  if (rules.length === 0) throw new VigilError('RULE_INVALID', `No rules found in ${paths.join(', ')}.`, { files });
  // All must have an address before the first is used.
  refuseRepeated(rules);
  return rules;
}

/** A rule that is in two files would be stored twice, each time over the other. */
function refuseRepeated(rules: readonly RuleText[]): void {
  const places = new Map<string, string>();
  for (const rule of rules) {
    const { clientId, ruleId } = addressOf(rule);
    const [name, place] = [`${clientId}/${ruleId}`, `${rule.file}:${rule.lineOf('id')}`];
    const first = places.get(name);
    if (first === undefined) places.set(name, place);
    else {
      const message = `the rule ${name} is also at ${first}: remove one of the two`;
      throw new VigilError('RULE_INVALID', `${place}: ${message}.`, {
        file: rule.file,
        issues: [{ path: 'id', message }],
      });
    }
  }
}

async function readFile(file: string): Promise<RuleText[]> {
  const { entries, issues } = await readYaml(file);
  if (issues.length > 0) throw new VigilError('RULE_INVALID', `${issues.map(issueText).join('\n')}.`, { file, issues });
  return entries
    .filter((entry) => !isTestEntry(entry))
    .map((entry) => {
      if (isRuleText(entry)) return entry;
      const message = 'a rule must be an object';
      throw new VigilError('RULE_INVALID', `${file}:${entry.lineOf('')}: ${message}.`, {
        file,
        issues: [{ path: '', message }],
      });
    });
}

const isRuleText = (entry: YamlEntry): entry is RuleText => typeof entry.value === 'object' && entry.value !== null;

export function addressOf({ file, value, lineOf }: RuleText): RuleAddress {
  const { clientId, id } = value;
  if (typeof clientId === 'string' && typeof id === 'string' && clientId !== '' && id !== '')
    return { clientId, ruleId: id };
  const missing = typeof clientId === 'string' && clientId !== '' ? 'id' : 'clientId';
  const message = `the rule needs ${missing}, a string; vigil stores the rule under its clientId and id`;
  throw new VigilError('RULE_INVALID', `${file}:${lineOf(missing)}: ${message}.`, {
    file,
    issues: [{ path: missing, message }],
  });
}

/** One line per issue: file, line, path and how to fix it. */
export function complaints({ file, lineOf }: RuleText, { message, fields }: VigilError): string[] {
  const issues = Array.isArray(fields['issues']) ? (fields['issues'] as { path: string; message: string }[]) : [];
  if (issues.length === 0) return [`${file}:${lineOf('')}: ${message}`];
  return issues.map(
    (issue) => `${file}:${lineOf(issue.path)}: ${issue.path === '' ? 'rule' : issue.path}: ${issue.message}`,
  );
}
