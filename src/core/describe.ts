import { formatDuration } from './duration.ts';
import { named } from './envelope.ts';
import { scalarBits } from './ids.ts';
import { isLive, statusOf, type LiveSet } from './live-set.ts';
import type { Rule } from './rule-schema.ts';
import type { PartitionState } from './state.ts';
import { showValue } from './value.ts';

/** Partitions that a summary lists; it is for people, the query `state` has all. */
const PARTITIONS_SHOWN = 20;

/** Markdown for the Temporal UI: what the rule says, how it stands, and the partitions. */
export function describeSet(set: LiveSet): string {
  const { rule, state, live, holders, roster } = set;
  const keys = [...firstKeys(holders, PARTITIONS_SHOWN), ...(set.size <= PARTITIONS_SHOWN ? Object.keys(state.partitions) : [])];
  const rows = [...new Set(keys)].slice(0, PARTITIONS_SHOWN).map((key) => row(set, state.partitions[key] as PartitionState));
  return [
    `**${rule.rule.name ?? rule.rule.id}** is **${statusOf(set)}**, version ${state.ruleVersion}`,
    '',
    `\`${describeRule(rule.rule)}\``,
    '',
    `${holders.size} of ${live} live partitions satisfy${roster.size > 0 ? `, ${set.rosterLive} of ${roster.size} expected are live` : ''}. Events up to ${new Date(state.now).toISOString()}.`,
    '',
    ...(rows.length > 0 ? ['| partition | value | since event | satisfies |', '|---|---|---|---|', ...rows] : []),
    ...(set.size > rows.length ? ['', `${set.size - rows.length} more: see the query \`state\`.`] : []),
  ].join('\n');
}

/** The rule in a line: `all having latest(state) equals "stopped", by machineId`. */
export function describeRule(rule: Rule): string {
  const { type, having, ...comparison } = rule.evaluate;
  const counted = Object.keys(comparison).length > 0 ? ` ${words(comparison)}` : '';
  const by = rule.partitionBy === undefined ? '' : `, by ${rule.partitionBy.join(', ')}`;
  const times = (['for', 'keepFiringFor', 'staleAfter', 'heartbeat', 'repeat'] as const).flatMap((word) => (rule[word] === undefined ? [] : [`${word} ${rule[word]}`]));
  return [`${type}${counted} having ${conditionText(having)}${by}`, ...times].join(', ');
}

function conditionText(node: Rule['evaluate']['having']): string {
  if ('all' in node) return `(${node.all.map(conditionText).join(' and ')})`;
  if ('any' in node) return `(${node.any.map(conditionText).join(' or ')})`;
  if ('not' in node) return `not ${conditionText(node.not)}`;
  const { calc, property, ...comparison } = node;
  return `${calc}(${property}) ${words(comparison)}`;
}

const words = (comparison: object): string =>
  Object.entries(comparison)
    .map(([word, operand]) => `${word} ${JSON.stringify(operand)}`)
    .join(' and ');

function firstKeys(keys: Iterable<string>, count: number): string[] {
  const first: string[] = [];
  for (const key of keys) {
    if (first.length >= count) break;
    first.push(key);
  }
  return first;
}

function row({ rule, state }: LiveSet, partition: PartitionState): string {
  const name = Object.entries(named(rule.partitionBy, partition.key))
    .map(([property, value]) => `${property}=${scalarBits(value)}`)
    .join(', ');
  const values = partition.calcs.map((calc) => (calc === null ? '–' : scalarBits(showValue(calc.value)))).join(', ');
  const last = partition.last === null ? 'never' : `${formatDuration(state.now - partition.last.timeMs)} ago`;
  const holds = !isLive(partition) ? (partition.stale ? 'stale' : 'not reported') : partition.holdsSince > 0 ? 'yes' : 'no';
  return `| ${name || 'all'} | ${values} | ${last} | ${holds} |`;
}
