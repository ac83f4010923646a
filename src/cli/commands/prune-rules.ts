import type { ApiClient, ApiCommand } from '../api-client.ts';
import { everyPage } from '../pages.ts';
import { pathOf, type RuleAddress } from './one-rule.ts';

/** The stored rules of these clients that are not among the given ones. */
export async function rulesToPrune(
  given: readonly RuleAddress[],
  clients: readonly string[],
  api: ApiClient,
): Promise<RuleAddress[]> {
  const known = new Set(given.map(({ clientId, ruleId }) => `${clientId}/${ruleId}`));
  const found: RuleAddress[] = [];
  for (const clientId of clients) {
    const pages = await everyPage<{ rules: { rule: { id: string } }[] }>(api, ['clients', clientId, 'rules']);
    const ids = pages.flatMap(({ rules }) => rules.map(({ rule }) => rule.id));
    found.push(...ids.filter((id) => !known.has(`${clientId}/${id}`)).map((ruleId) => ({ clientId, ruleId })));
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
  return toPrune.map((address) => ({ ...address, deleted: true }));
}
