import type { ChangeEffect } from '../../../core/language/change/change-effect.ts';
import type { AuditEntry } from '../../../core/model/access/audit.ts';
import type { Rule } from '../../../core/model/rule/rule-schema.ts';
import { ruleDiff } from '../../../rules/rule-diff.ts';
import type { ApiClient, ApiCommand } from '../../api-client.ts';
import { effectLines } from '../../output/effect-lines.ts';
import { printJson } from '../../io.ts';
import { onOneLine } from '../../output/on-one-line.ts';
import { everyPage } from '../../pages.ts';
import { textTable } from '../../output/text-table.ts';
import { originText } from '../administration/audit.ts';
import { pathOf, type RuleAddress } from './one-rule.ts';

interface Version {
  version: number;
  edition: number | null;
  change: string;
  by: string | null;
  from: AuditEntry['from'] | null;
  restored?: number;
  storedAt: string;
}

interface Versions {
  versions: Version[];
  isWhole: boolean;
}

const MISSING = '–';

/** Lists the versions of a rule that vigil keeps, newest first; `diff`: with what each of them changed. */
export async function ruleHistory(
  { diff, ...address }: RuleAddress & { diff: boolean },
  { io, api, json }: ApiCommand,
): Promise<void> {
  const pages = await everyPage<Versions>(api, [...pathOf(address), 'versions']);
  const versions = pages.flatMap((page) => page.versions);
  const isWhole = pages.every((page) => page.isWhole);
  const diffs = diff ? await diffsOf(address, versions, isWhole, api) : undefined;
  if (json) {
    printJson(io, { versions: diffs?.map((text, index) => ({ ...versions[index], diff: text })) ?? versions, isWhole });
    return;
  }
  if (diffs === undefined) io.stdout.write(textTable([HEAD, ...versions.map(rowOf)]));
  else
    diffs.forEach((text, index) =>
      io.stdout.write(`${textTable(versions.slice(index, index + 1).map(rowOf))}${text}\n`),
    );
  if (!isWhole) io.stdout.write('vigil no longer keeps older versions.\n');
}

const HEAD = ['VERSION', 'EDITION', 'CHANGE', 'AT', 'BY', 'FROM'];

const rowOf = ({ version, edition, change, restored, storedAt, by, from }: Version): string[] =>
  [
    ...[String(version), edition === null ? MISSING : String(edition)],
    ...[restored === undefined ? change : `${change} to ${restored}`, storedAt],
    ...[by ?? MISSING, from === null ? MISSING : originText(from)],
  ].map(onOneLine);

/** Unified diffs to the version before each; empty for the oldest, if the one before it is no longer kept. */
async function diffsOf(
  address: RuleAddress,
  versions: readonly Version[],
  isWhole: boolean,
  api: ApiClient,
): Promise<string[]> {
  const rules: (Rule | undefined)[] = [];
  for (const { version, change } of versions)
    rules.push(change === 'deleted' ? undefined : await ruleAt(address, version, api));
  return rules.map((after, index) => {
    const [version, before] = [versions[index]?.version, versions[index + 1]?.version];
    if (before === undefined && !isWhole) return '';
    return ruleDiff(rules[index + 1], after, { before: `version ${before}`, after: `version ${version}` });
  });
}

async function ruleAt(address: RuleAddress, version: number, api: ApiClient): Promise<Rule> {
  const { body } = await api.request('GET', [...pathOf(address), 'versions', String(version)]);
  return (body as { rule: Rule }).rule;
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
