import { createTwoFilesPatch } from 'diff';
import { stringify } from 'yaml';
import { parseRule } from '../../core/language/parse/parse-rule.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import type { ApiClient, ApiCommand } from '../api-client.ts';
import { printJson } from '../io.ts';
import { addressOf, complaints, readRuleTexts } from '../rule-texts.ts';
import { pathOf, type RuleAddress } from './one-rule.ts';
import { rulesToPrune } from './prune-rules.ts';

interface Difference extends RuleAddress {
  change: 'create' | 'update' | 'delete' | 'none';
  /** A unified diff of the stored rule and the rule of the file; empty if they are the same. */
  diff: string;
}

/** Words are sorted, as their order means nothing. */
export const textOf = (rule: unknown): string => (rule === null ? '' : stringify(rule, { sortMapEntries: true }));

/**
 * Prints what applying the files would change, and changes nothing. Resolves with whether nothing would, and whether
 * all rules are valid.
 * @throws VigilError FILE_UNREADABLE, RULE_INVALID for an entry that is not a rule, API_UNREACHABLE
 */
export async function diffRules(
  paths: readonly string[],
  clientsToPrune: readonly string[],
  { io, api, json }: ApiCommand,
): Promise<{ isSame: boolean; isValid: boolean }> {
  const rules = await readRuleTexts(paths);
  const found: Difference[] = [];
  let isValid = true;
  for (const text of rules) {
    try {
      const address = addressOf(text);
      found.push(differenceOf(address, await storedRule(api, address), parseRule(text.value)));
    } catch (error) {
      if (!(error instanceof VigilError) || error.code === 'API_UNREACHABLE') throw error;
      isValid = false;
      for (const line of complaints(text, error)) io.stderr.write(`${line}\n`);
    }
  }
  for (const { rule, ...address } of await rulesToPrune(rules.map(addressOf), clientsToPrune, api))
    found.push(differenceOf(address, rule, null));
  if (json) printJson(io, found);
  else io.stdout.write(`${found.map(({ diff }) => diff).join('')}${summary(found)}\n`);
  return { isSame: found.every(({ change }) => change === 'none'), isValid };
}

function differenceOf(address: RuleAddress, stored: unknown, wanted: unknown): Difference {
  const [before, after] = [textOf(stored), textOf(wanted)];
  const change = stored === null ? 'create' : wanted === null ? 'delete' : before === after ? 'none' : 'update';
  const name = `${address.clientId}/${address.ruleId}`;
  const names = [
    stored === null ? '/dev/null' : `stored/${name}`,
    wanted === null ? '/dev/null' : `file/${name}`,
  ] as const;
  return { ...address, change, diff: change === 'none' ? '' : createTwoFilesPatch(...names, before, after) };
}

/** Null if vigil does not have the rule. */
async function storedRule(api: ApiClient, address: RuleAddress): Promise<unknown> {
  try {
    return ((await api.request('GET', pathOf(address))).body as { rule: unknown }).rule;
  } catch (error) {
    if (error instanceof VigilError && error.code === 'RULE_NOT_FOUND') return null;
    throw error;
  }
}

function summary(found: readonly Difference[]): string {
  const count = (change: Difference['change']): number => found.filter((each) => each.change === change).length;
  return `${count('create')} to create, ${count('update')} to update, ${count('delete')} to delete, ${count('none')} unchanged`;
}
