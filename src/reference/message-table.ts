import type { AlertData } from '../core/model/alert/alert.ts';

/** A message can use every field of an alert except the message itself. */
type MessageWord =
  Exclude<keyof AlertData, 'message'> | 'name' | 'total' | 'count' | 'percent' | 'value' | 'threshold' | 'event';

const MEANINGS: Record<MessageWord, string> = {
  name: "the rule's `name`, else its `id`",
  total: 'number of live partitions; with `of: expected`, of expected ones',
  count:
    'number of partitions that satisfy the level that holds, or else the lowest level; with `sum`, `avg`, `min` and `max`, that have a value',
  percent: '`count` in percent of `total`, rounded',
  value:
    'value of the first comparison of the rule, for the partition that caused the alert; with `sum`, `avg`, `min` and `max`, the value of the whole partition set',
  threshold:
    'the right side that was compared, of the first comparison that holds for that partition, or else of the first; for `between`, both',
  event: `properties of that partition's newest event: \`{{event.humidity}}\`; at most 16, texts are cut to 256 characters`,
  status: '`firing`, `resolved`, `severity`, `reminder`, `heartbeat`, `acknowledged`, `snoozed`, …',
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
  action: 'who did what about the alert, for the statuses that tell it: `{{action.by}}`, `{{action.note}}`',
  stoppedAt: 'while the alert is latched: since when its condition does not hold',
  acknowledged: 'while the alert is acknowledged: `{{acknowledged.by}}`, `{{acknowledged.note}}`',
  snoozed: 'while the alert is snoozed: `{{snoozed.by}}`, `{{snoozed.until}}`',
};

export function messageTable(): string {
  const rows = Object.entries(MEANINGS).map(([word, meaning]) => `| \`{{${word}}}\` | ${meaning} |`);
  return ['| Name | Value |', '|---|---|', ...rows].join('\n');
}
