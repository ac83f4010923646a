import type { ChangeEffect } from '../../../core/language/change/change-effect.ts';
import { VigilError } from '../../../core/primitives/errors.ts';
import type { ApiCommand } from '../../api-client.ts';
import { FAILED, OK, printJson } from '../../io.ts';
import { effectLines } from '../../output/effect-lines.ts';
import { complaints } from '../../rule-texts.ts';
import { compareRules, type RuleDifference } from './compare-rules.ts';
import { pathOf, type RuleAddress } from './one-rule.ts';

interface Applied extends RuleAddress {
  change: 'created' | 'changed' | 'deleted' | 'unchanged';
  version: number | null;
  edition?: number | null;
  effects: ChangeEffect;
}

/**
 * Stores the rules of the files that differ from the stored ones, then deletes the other rules of the clients to prune;
 * each only if nobody has changed it since it was compared. Applies none if a file cannot be read; goes on after a rule
 * that vigil rejects, but then deletes none. Resolves with the exit code.
 * @throws VigilError FILE_UNREADABLE, RULE_INVALID for an entry that is not a rule, API_UNREACHABLE
 */
export async function applyRules(
  files: readonly string[],
  clientsToPrune: readonly string[],
  command: ApiCommand,
): Promise<number> {
  const { io, json } = command;
  const { found, isValid } = await compareRules(files, clientsToPrune, command);
  const applied: Applied[] = [];
  let failed = !isValid;
  for (const difference of found) {
    if (failed && difference.change === 'delete') continue;
    try {
      const done = await apply(difference, command);
      applied.push(done);
      if (!json) io.stdout.write(textOf(done));
    } catch (error) {
      if (!(error instanceof VigilError) || error.code === 'API_UNREACHABLE') throw error;
      failed = true;
      for (const line of complaintsOf(difference, error)) io.stderr.write(`${line}\n`);
    }
  }
  if (json) printJson(io, applied);
  return failed ? FAILED : OK;
}

async function apply({ clientId, ruleId, change, version, effects, text }: RuleDifference, { api }: ApiCommand) {
  const address = { clientId, ruleId };
  const unlessChanged = version === null ? { 'if-none-match': '*' } : { 'if-match': `"${version}"` };
  if (change === 'none') return { ...address, change: 'unchanged' as const, version, effects };
  if (change === 'delete') {
    await api.request('DELETE', pathOf(address), undefined, {}, unlessChanged);
    return { ...address, change: 'deleted' as const, version, effects };
  }
  const { body } = await api.request('PUT', pathOf(address), text?.value, {}, unlessChanged);
  const stored = body as Pick<Applied, 'change' | 'version' | 'edition' | 'effects'>;
  const { change: done, version: newest, edition = null, effects: after } = stored;
  return { ...address, change: done, version: newest, edition, effects: after };
}

function textOf({ clientId, ruleId, change, edition, effects }: Applied): string {
  const name = `${clientId}/${ruleId} ${change}`;
  if (change === 'unchanged') return `${name}\n`;
  const count = edition === undefined ? '' : edition === null ? ' (many editions)' : ` (edition ${edition})`;
  return `${name}${count}\n${effectLines(effects)}`;
}

function complaintsOf({ clientId, ruleId, text }: RuleDifference, error: VigilError): string[] {
  const { code, fields } = error;
  const advice = 'Somebody else has changed it since it was compared: look at vigil rules diff, and apply again.';
  const shown = code === 'RULE_CHANGED' ? new VigilError(code, advice, fields) : error;
  return text === undefined ? [`${clientId}/${ruleId}: ${shown.message}`] : complaints(text, shown);
}
