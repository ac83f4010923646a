import type { Rule } from '../../../core/model/rule/rule-schema.ts';
import type { ApiClient, ApiCommand } from '../../api-client.ts';
import { printJson } from '../../io.ts';
import { everyPage } from '../../pages.ts';
import { textTable } from '../../output/text-table.ts';

interface ListedRule {
  rule: Rule;
  edition: number | null;
  status: string;
}

interface RuleList {
  rules: ListedRule[];
  /** Why some statuses are unknown. */
  problem?: { code: string; message: string };
}

/** Prints the rules of one client, or of all clients. */
export async function listRules(client: string | undefined, { io, api, json }: ApiCommand): Promise<void> {
  const clients = client === undefined ? await allClients(api) : [client];
  const lists = (
    await Promise.all(clients.map((clientId) => everyPage<RuleList>(api, ['clients', clientId, 'rules'])))
  ).flat();
  const rules = lists.flatMap((list) => list.rules);
  const problems = lists.flatMap(({ problem }) =>
    problem === undefined ? [] : [`vigil: ${problem.code}: ${problem.message}\n`],
  );
  for (const line of new Set(problems)) io.stderr.write(line);
  if (json) {
    printJson(io, rules);
    return;
  }
  const rows = rules.map(({ rule, edition, status }) => [
    rule.clientId,
    rule.id,
    status,
    edition === null ? 'many' : String(edition),
    rule.name ?? '',
  ]);
  io.stdout.write(textTable([['CLIENT', 'RULE', 'STATUS', 'EDITION', 'NAME'], ...rows]));
}

async function allClients(api: ApiClient): Promise<string[]> {
  const pages = await everyPage<{ clients: string[] }>(api, ['clients']);
  return pages.flatMap(({ clients }) => clients);
}
