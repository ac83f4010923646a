import { VigilError } from '../../core/primitives/errors.ts';
import type { ApiCommand } from '../api-client.ts';
import { FAILED, OK, printJson } from '../io.ts';
import { addressOf, complaints, readRuleTexts } from '../rule-texts.ts';
import { pruneRules } from './prune-rules.ts';

const CREATED = 201;

interface Applied {
  clientId: string;
  ruleId: string;
  version: number;
  edition: number | null;
  created: boolean;
}

/**
 * Applies all rules of the files, then deletes the other rules of the clients to prune. Applies none if a file cannot be
 * read; goes on after a rule that vigil rejects, but then deletes none. Resolves with the exit code.
 * @throws VigilError FILE_UNREADABLE, RULE_INVALID for an entry that is not a rule, API_UNREACHABLE
 */
export async function applyRules(
  files: readonly string[],
  clientsToPrune: readonly string[],
  command: ApiCommand,
): Promise<number> {
  const { io, api, json } = command;
  const addressed = await readRuleTexts(files);
  const applied: Applied[] = [];
  let failures = 0;
  for (const rule of addressed) {
    const { clientId, ruleId } = addressOf(rule);
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
  const pruned = failures > 0 ? [] : await pruneRules(addressed.map(addressOf), clientsToPrune, command);
  if (json) printJson(io, [...applied, ...pruned]);
  return failures === 0 ? OK : FAILED;
}
