import type { ApiClient, ApiCommand } from '../api-client.ts';
import { everyPage } from '../pages.ts';
import { pathOf, type RuleAddress } from './one-rule.ts';

/** The stored rules of these clients that are not among the given ones. */
export async function rulesToPrune(
  given: readonly RuleAddress[],
  clients: readonly string[],
  api: ApiClient,
): Promise<(RuleAddress & { rule: unknown })[]> {
  const known = new Set(given.map(({ clientId, ruleId }) => `${clientId}/${ruleId}`));
  const found: (RuleAddress & { rule: unknown })[] = [];
  for (const clientId of clients) {
    const pages = await everyPage<{ rules: { rule: { id: string } }[] }>(api, ['clients', clientId, 'rules']);
    const stored = pages.flatMap(({ rules }) => rules.map(({ rule }) => ({ clientId, ruleId: rule.id, rule })));
    found.push(...stored.filter(({ ruleId }) => !known.has(`${clientId}/${ruleId}`)));
  }
  return found;
}

/** Deletes them, and prints each unless the command prints JSON. */
export async function pruneRules(
  given: readonly RuleAddress[],
  clients: readonly string[],
  { io, api, json }: ApiCommand,
): Promise<(RuleAddress & { deleted: true })[]> {
  const toPrune = await rulesToPrune(given, clients, api);
  for (const address of toPrune) {
    await api.request('DELETE', pathOf(address));
    if (!json) io.stdout.write(`${address.clientId}/${address.ruleId} deleted\n`);
  }
  return toPrune.map(({ clientId, ruleId }) => ({ clientId, ruleId, deleted: true }));
}
