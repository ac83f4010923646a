import { VigilError } from '../../core/primitives/errors.ts';
import { isTestEntry } from '../../rules/rule-files.ts';
import { issueText, readYaml, type YamlEntry } from '../../rules/yaml-entries.ts';
import type { ApiCommand } from '../api-client.ts';
import { FAILED, OK, printJson } from '../io.ts';

const CREATED = 201;

interface Applied {
  clientId: string;
  ruleId: string;
  version: number;
  edition: number | null;
  created: boolean;
}

/** An unchecked rule from a file; vigil checks it. */
type RuleText = YamlEntry & { value: Record<string, unknown> };

/**
 * Applies all rules of the files. Applies none if a file cannot be read; goes on after a rule that vigil rejects.
 * Resolves with the exit code.
 * @throws VigilError FILE_UNREADABLE, RULE_INVALID for an entry that is not a rule, API_UNREACHABLE
 */
export async function applyRules(files: readonly string[], { io, api, json }: ApiCommand): Promise<number> {
  const rules = (await Promise.all(files.map(readRuleTexts))).flat();
  const addressed = rules.map((rule) => ({ rule, address: addressOf(rule) }));
  if (rules.length === 0) throw new VigilError('RULE_INVALID', `No rules found in ${files.join(', ')}.`, { files });

  const applied: Applied[] = [];
  let failures = 0;
  for (const { rule, address } of addressed) {
    const { clientId, ruleId } = address;
    try {
      const { status, body } = await api.request('PUT', ['clients', clientId, 'rules', ruleId], rule.value);
      const { version, edition } = body as Pick<Applied, 'version' | 'edition'>;
      const created = status === CREATED;
      applied.push({ clientId, ruleId, version, edition, created });
      if (!json)
        io.stdout.write(
          `${clientId}/${ruleId} ${created ? 'created' : 'changed'} (${edition === null ? 'many versions' : `version ${edition}`})\n`,
        );
    } catch (error) {
      if (!(error instanceof VigilError) || error.code === 'API_UNREACHABLE') throw error;
      failures += 1;
      for (const line of complaints(rule, error)) io.stderr.write(`${line}\n`);
    }
  }
  if (json) printJson(io, applied);
  return failures === 0 ? OK : FAILED;
}

async function readRuleTexts(file: string): Promise<RuleText[]> {
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

function addressOf({ file, value, lineOf }: RuleText): { clientId: string; ruleId: string } {
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
function complaints({ file, lineOf }: RuleText, { message, fields }: VigilError): string[] {
  const issues = Array.isArray(fields['issues']) ? (fields['issues'] as { path: string; message: string }[]) : [];
  if (issues.length === 0) return [`${file}:${lineOf('')}: ${message}`];
  return issues.map(
    (issue) => `${file}:${lineOf(issue.path)}: ${issue.path === '' ? 'rule' : issue.path}: ${issue.message}`,
  );
}
