import type { ApiCommand } from '../../api-client.ts';
import { printJson } from '../../io.ts';

export interface ExplainOptions {
  clientId: string;
  ruleId: string;
  group?: string | undefined;
  partition?: string | undefined;
  where?: true | undefined;
}

/** Prints what a partition set knows now, why it fires or not, and what is ahead. */
export async function explainRule(
  { clientId, ruleId, group, partition, where }: ExplainOptions,
  { io, api, json }: ApiCommand,
): Promise<void> {
  const query = {
    ...(group !== undefined && { group }),
    ...(partition !== undefined && { partition }),
    ...(where === true && { where: 'true' }),
  };
  const { body } = await api.request('GET', ['clients', clientId, 'rules', ruleId, 'explain'], undefined, query);
  if (json) printJson(io, body);
  else io.stdout.write((body as { text: string[] }).text.map((line) => `${line}\n`).join(''));
}
