import type { ChangeEffect } from '../../../core/language/change/change-effect.ts';
import { effectOfChange } from '../../../core/language/change/effect-of-change.ts';
import { ruleDiff } from '../../../rules/rule-diff.ts';
import type { Rule } from '../../../core/model/rule/rule-schema.ts';
import { VigilError } from '../../../core/primitives/errors.ts';
import type { ApiClient, ApiCommand } from '../../api-client.ts';
import { everyPage } from '../../pages.ts';
import { addressOf, complaints, readRuleTexts, type RuleText } from '../../rule-texts.ts';
import { pathOf, type RuleAddress } from './one-rule.ts';

/** What applying a rule, or deleting one that is in no file, would change. */
export interface RuleDifference extends RuleAddress {
  change: 'create' | 'update' | 'delete' | 'none';
  /** The stored version that it was compared with; null if there is none. */
  version: number | null;
  /** A unified diff of the stored rule and the rule of the file; empty if they are the same. */
  diff: string;
  effects: ChangeEffect;
  /** Where the rule is from; absent for one to delete. */
  text?: RuleText;
}

/**
 * Compares the rules of the files with the stored ones, and finds those to prune. Prints what is wrong with a rule that
 * vigil would not take, and goes on. `isValid`: there is none.
 * @throws VigilError FILE_UNREADABLE, RULE_INVALID for an entry that is not a rule, API_UNREACHABLE
 */
export async function compareRules(
  paths: readonly string[],
  clientsToPrune: readonly string[],
  { io, api }: ApiCommand,
): Promise<{ found: RuleDifference[]; isValid: boolean }> {
  const texts = await readRuleTexts(paths);
  const found: RuleDifference[] = [];
  let isValid = true;
  for (const text of texts) {
    try {
      found.push(await compared(api, text));
    } catch (error) {
      if (!(error instanceof VigilError) || error.code === 'API_UNREACHABLE') throw error;
      isValid = false;
      for (const line of complaints(text, error)) io.stderr.write(`${line}\n`);
    }
  }
  return { found: [...found, ...(await toPrune(texts.map(addressOf), clientsToPrune, api))], isValid };
}

interface DryRun extends Pick<RuleDifference, 'version' | 'diff' | 'effects'> {
  change: 'created' | 'changed' | 'unchanged';
}

const CHANGES = { created: 'create', changed: 'update', unchanged: 'none' } as const;

async function compared(api: ApiClient, text: RuleText): Promise<RuleDifference> {
  const address = addressOf(text);
  const { body } = await api.request('PUT', pathOf(address), text.value, { dryRun: 'true' });
  const { change, version, diff, effects } = body as DryRun;
  return { ...address, change: CHANGES[change], version, diff, effects, text };
}

/** The stored rules of these clients that are not among the given ones. */
async function toPrune(
  given: readonly RuleAddress[],
  clients: readonly string[],
  api: ApiClient,
): Promise<RuleDifference[]> {
  const known = new Set(given.map(({ clientId, ruleId }) => `${clientId}/${ruleId}`));
  const found: RuleDifference[] = [];
  for (const clientId of clients) {
    const pages = await everyPage<{ rules: { rule: Rule; version: number }[] }>(api, ['clients', clientId, 'rules']);
    for (const { rule, version } of pages.flatMap(({ rules }) => rules)) {
      if (known.has(`${clientId}/${rule.id}`)) continue;
      const [diff, effects] = [ruleDiff(rule, undefined), effectOfChange(rule, undefined)];
      found.push({ clientId, ruleId: rule.id, change: 'delete', version, diff, effects });
    }
  }
  return found;
}
