import { stringify } from 'yaml';
import type { ChangeEffect } from '../../../core/language/change/change-effect.ts';
import { effectLines } from '../../output/effect-lines.ts';
import type { ApiCommand } from '../../api-client.ts';
import { printJson } from '../../io.ts';

export interface RuleAddress {
  clientId: string;
  ruleId: string;
}

export const pathOf = ({ clientId, ruleId }: RuleAddress): string[] => ['clients', clientId, 'rules', ruleId];

/** Prints a rule as YAML that can be applied again, or as JSON with its version. `version`: default the newest. */
export async function getRule(
  { version, ...address }: RuleAddress & { version?: number | undefined },
  { io, api, json }: ApiCommand,
): Promise<void> {
  const of = version === undefined ? [] : ['versions', String(version)];
  const { body } = await api.request('GET', [...pathOf(address), ...of]);
  if (json) printJson(io, body);
  else io.stdout.write(stringify((body as { rule: unknown }).rule));
}

/** Enables or disables a rule. */
export async function switchRule(
  address: RuleAddress,
  command: 'enable' | 'disable',
  { io, api, json }: ApiCommand,
): Promise<void> {
  const { body } = await api.request('POST', [...pathOf(address), command]);
  if (json) printJson(io, body);
  else {
    const { effects } = body as { effects: ChangeEffect };
    io.stdout.write(`${address.clientId}/${address.ruleId} is ${command}d\n${effectLines(effects)}`);
  }
}

export async function deleteRule(address: RuleAddress, { io, api, json }: ApiCommand): Promise<void> {
  await api.request('DELETE', pathOf(address));
  if (json) printJson(io, { ...address, deleted: true });
  else io.stdout.write(`${address.clientId}/${address.ruleId} deleted\n`);
}
