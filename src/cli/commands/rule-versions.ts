import type { ChangeEffect } from '../../core/language/change/change-effect.ts';
import { effectLines } from '../output/effect-lines.ts';
import type { ApiCommand } from '../api-client.ts';
import { printJson } from '../io.ts';
import { everyPage } from '../pages.ts';
import { textTable } from '../output/text-table.ts';
import { pathOf, type RuleAddress } from './one-rule.ts';

interface Versions {
  versions: { version: number; change: string; storedAt: string }[];
  isWhole: boolean;
}

/** Lists the versions of a rule that vigil keeps, newest first. */
export async function ruleHistory(address: RuleAddress, { io, api, json }: ApiCommand): Promise<void> {
  const pages = await everyPage<Versions>(api, [...pathOf(address), 'versions']);
  const versions = pages.flatMap((page) => page.versions);
  const isWhole = pages.every((page) => page.isWhole);
  if (json) {
    printJson(io, { versions, isWhole });
    return;
  }
  const rows = versions.map(({ version, change, storedAt }) => [String(version), change, storedAt]);
  io.stdout.write(textTable([['VERSION', 'CHANGE', 'AT'], ...rows]));
  if (!isWhole) io.stdout.write('vigil no longer keeps older versions.\n');
}

/** Stores an earlier version of a rule again, as its newest. */
export async function rollBackRule(
  address: RuleAddress,
  version: number,
  { io, api, json }: ApiCommand,
): Promise<void> {
  const { body } = await api.request('POST', [...pathOf(address), 'rollback'], { version });
  if (json) {
    printJson(io, body);
    return;
  }
  const { version: stored, effects } = body as { version: number; effects: ChangeEffect };
  io.stdout.write(
    `${address.clientId}/${address.ruleId} is version ${version} again, stored as ${stored}\n${effectLines(effects)}`,
  );
}
