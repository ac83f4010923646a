import type { AlertData } from '../core/model/alert.ts';

/** A message can use every field of an alert except the message itself. */
type MessageWord = Exclude<keyof AlertData, 'message'> | 'name' | 'total' | 'count' | 'percent' | 'value';

const MEANINGS: Record<MessageWord, string> = {
  name: "the rule's `name`, else its `id`",
  total: 'number of live partitions; with `of: expected`, of expected ones',
  count:
    'number of partitions that satisfy the level that holds, or else the lowest level; with `sum`, `avg`, `min` and `max`, that have a value',
  percent: '`count` in percent of `total`, rounded',
  value:
    'value of the first comparison of the rule, for the partition that caused the alert; with `sum`, `avg`, `min` and `max`, the value of the whole partition set',
  status: '`firing`, `resolved`, `severity`, `reminder`, `heartbeat`',
  reason:
    '`condition`, `cleared`, `noData`, `staleData`, `schedule`, `forgotten`, `ruleUpdated`, `ruleDisabled`, `ruleDeleted`',
  severity: '`info`, `warning`, `critical`',
  state: '`inactive`, `pending`, `firing`: the state that a heartbeat reports',
  clientId: 'the client that owns the rule',
  ruleId: 'the `id` of the rule',
  ruleVersion: 'a number that increases with every change of any rule',
  group: 'values of `groupBy`: `{{group.site}}`, `{{group.cloud.region}}`',
  partition:
    'with `each` and `sequence`, values of `partitionBy`: `{{partition.machineId}}`, `{{partition.host.name}}`',
  episode: '1, 2, 3, …: counts the firings of the alert',
  startsAt: 'when the condition began, ISO 8601',
  endsAt: 'when the condition stopped, once resolved',
  evaluatedAt: "time of the transition, by the partition set's clock",
  labels: "the rule's labels: `{{labels.team}}`",
  evidence:
    'the partitions behind the alert: `{{#evidence.items}}{{partition.machineId}} {{value}}, {{/evidence.items}}`, and `{{evidence.total}}`',
};

export function messageTable(): string {
  const rows = Object.entries(MEANINGS).map(([word, meaning]) => `| \`{{${word}}}\` | ${meaning} |`);
  return ['| Name | Value |', '|---|---|', ...rows].join('\n');
}
