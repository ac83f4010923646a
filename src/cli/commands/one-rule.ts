import { stringify } from 'yaml';
import type { ApiCommand } from '../api-client.ts';
import { printJson } from '../io.ts';

interface RuleAddress {
  clientId: string;
  ruleId: string;
}

const pathOf = ({ clientId, ruleId }: RuleAddress): string[] => ['clients', clientId, 'rules', ruleId];

/** Prints a rule as YAML that can be applied again, or as JSON with its version. */
export async function getRule(address: RuleAddress, { io, api, json }: ApiCommand): Promise<void> {
  const { body } = await api.request('GET', pathOf(address));
  if (json) printJson(io, body);
  else io.stdout.write(stringify((body as { rule: unknown }).rule));
}

export async function deleteRule(address: RuleAddress, { io, api, json }: ApiCommand): Promise<void> {
  await api.request('DELETE', pathOf(address));
  if (json) printJson(io, { ...address, deleted: true });
  else io.stdout.write(`${address.clientId}/${address.ruleId} deleted\n`);
}
