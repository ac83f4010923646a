import { at, everyPage, send, sendForText } from '../server/send.ts';
import type { RuleAddress } from './addresses.ts';
import type {
  DryRun,
  EventProperty,
  Explanation,
  ListedRule,
  OpenAlert,
  PartitionList,
  PartitionSet,
  Reset,
  ResumeMode,
  RuleList,
  StoredRule,
  VersionList,
} from './types.ts';

/** The newest alerts that say when rules fired last. */
const ALERTS = 500;

export async function getRules(clientId: string): Promise<ListedRule[]> {
  const pages = await everyPage<RuleList>(at`/api/clients/${clientId}/rules`);
  return pages.flatMap(({ rules }) => rules);
}

/** The newest alerts of a client, and those that fire now. */
export async function getAlerts(clientId: string): Promise<{ open: OpenAlert[]; newest: OpenAlert[] }> {
  const path = at`/api/clients/${clientId}/alerts`;
  const [open, newest] = await Promise.all([
    everyPage<{ alerts: OpenAlert[] }>(`${path}?limit=${ALERTS}`),
    send<{ alerts: OpenAlert[] }>(`${path}?state=all&limit=${ALERTS}`),
  ]);
  return { open: open.flatMap(({ alerts }) => alerts), newest: newest.alerts };
}

/** The properties that the newest events of a client have. */
export const getProperties = async (clientId: string): Promise<EventProperty[]> =>
  (await send<{ properties: EventProperty[] }>(at`/api/clients/${clientId}/event-properties`)).properties;

/** When a rule fired last, of all alerts that vigil keeps; null: never. */
export async function getLastFired({ clientId, ruleId }: RuleAddress): Promise<string | null> {
  const path = at`/api/clients/${clientId}/alerts`;
  const { alerts } = await send<{ alerts: OpenAlert[] }>(
    `${path}?state=all&limit=1&rule=${encodeURIComponent(ruleId)}`,
  );
  return alerts[0]?.startsAt ?? null;
}

const pathOf = ({ clientId, ruleId }: RuleAddress): string => at`/api/clients/${clientId}/rules/${ruleId}`;

/** A stored rule as the API wrote it, with the digits of its numbers, and as read. */
export interface RuleAnswer {
  stored: StoredRule;
  text: string;
}

export async function getRule(rule: RuleAddress): Promise<RuleAnswer> {
  const text = await sendForText(pathOf(rule));
  return { text, stored: JSON.parse(text) as StoredRule };
}

export const getVersionText = (rule: RuleAddress, version: number): Promise<string> =>
  sendForText(`${pathOf(rule)}/versions/${version}`);

export async function getSets(rule: RuleAddress): Promise<PartitionSet[]> {
  const pages = await everyPage<{ partitionSets: PartitionSet[] }>(`${pathOf(rule)}/partition-sets`);
  return pages.flatMap(({ partitionSets }) => partitionSets);
}

export const getSet = async (rule: RuleAddress, setId: string): Promise<Explanation> =>
  (await send<{ explanation: Explanation }>(`${pathOf(rule)}${at`/partition-sets/${setId}`}`)).explanation;

export const getPartitions = (rule: RuleAddress, setId: string, query: string): Promise<PartitionList> =>
  send(`${pathOf(rule)}${at`/partition-sets/${setId}/partitions`}?${query}`);

/** @param query `group` and `partition`, or nothing */
export const getExplanation = (rule: RuleAddress, query: string): Promise<Explanation> =>
  send(`${pathOf(rule)}/explain?${query}`);

export const getVersions = (rule: RuleAddress, query: string): Promise<VersionList> =>
  send(`${pathOf(rule)}/versions?${query}`);

/* Changes. `version`: of the rule that the user has seen; another one is refused. */

const change = <T>(path: string, version: number, body: object = {}): Promise<T> =>
  send(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'if-match': `"${version}"` },
    body: JSON.stringify(body),
  });

export const pauseRule = (rule: RuleAddress, version: number, note: string): Promise<StoredRule> =>
  change(`${pathOf(rule)}/pause`, version, note === '' ? {} : { note });
export const resumeRule = (rule: RuleAddress, version: number, mode: ResumeMode): Promise<StoredRule> =>
  change(`${pathOf(rule)}/resume`, version, { mode });
export const switchRule = (rule: RuleAddress, version: number, to: 'enable' | 'disable'): Promise<StoredRule> =>
  change(`${pathOf(rule)}/${to}`, version);
export const rollBack = (rule: RuleAddress, version: number, to: number): Promise<StoredRule> =>
  change(`${pathOf(rule)}/rollback`, version, { version: to });

/** @param version of the stored rule that the user has seen; null: there must be none */
const put = (version: number | null, yaml: string): RequestInit => ({
  method: 'PUT',
  headers: {
    'content-type': 'application/yaml',
    ...(version === null ? { 'if-none-match': '*' } : { 'if-match': `"${version}"` }),
  },
  body: yaml,
});

/** What the rule would do instead of the version that is stored. @param yaml the rule */
export const tryRule = (rule: RuleAddress, version: number | null, yaml: string): Promise<DryRun> =>
  send(`${pathOf(rule)}?dryRun=true`, put(version, yaml));

export const saveRule = (rule: RuleAddress, version: number | null, yaml: string): Promise<StoredRule> =>
  send(pathOf(rule), put(version, yaml));

export const resetRule = (rule: RuleAddress, body: { by: string; to: string; dryRun: boolean }): Promise<Reset> =>
  send(`${pathOf(rule)}/reset`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
