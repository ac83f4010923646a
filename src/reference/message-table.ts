import type { AlertData } from '../core/model/alert.ts';

/** Of an alert itself a message can tell all but the message. */
type MessageWord = Exclude<keyof AlertData, 'message'> | 'name' | 'total' | 'count' | 'percent' | 'value';

const MEANINGS: Record<MessageWord, string> = {
  name: "the rule's `name`, else its `id`",
  total: 'live partitions',
  count: 'partitions that satisfy: the level that holds, else the lowest',
  percent: 'how many of a hundred live partitions satisfy, rounded',
  value: 'what the first comparison of the rule sees of the partition that brought the alert about',
  status: '`firing`, `resolved`, `severity`, `reminder`, `heartbeat`',
  reason: '`condition`, `cleared`, `noData`, `staleData`, `ruleUpdated`, `ruleDisabled`, `ruleDeleted`',
  severity: '`info`, `warning`, `critical`',
  state: '`inactive`, `pending`, `firing`: what a heartbeat reports',
  clientId: 'whose rule it is',
  ruleId: '`id` of the rule',
  ruleVersion: 'a number that grows with each change of any rule',
  group: 'values of `groupBy`: `{{group.site}}`',
  partition: 'with `each` and `sequence`, values of `partitionBy`: `{{partition.machineId}}`',
  episode: '1, 2, 3, … for each time that it fires',
  startsAt: 'when the condition began, ISO 8601',
  endsAt: 'when it stopped, once resolved',
  evaluatedAt: "when vigil's clock said so",
  labels: "the rule's labels: `{{labels.team}}`",
  evidence:
    'the partitions that made it so: `{{#evidence.items}}{{partition.machineId}} {{value}}, {{/evidence.items}}`, and `{{evidence.total}}`',
};

export function messageTable(): string {
  const rows = Object.entries(MEANINGS).map(([word, meaning]) => `| \`{{${word}}}\` | ${meaning} |`);
  return ['| Word | What it is |', '|---|---|', ...rows].join('\n');
}
