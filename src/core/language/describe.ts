import { satisfyingKeys, named } from '../alerts/envelope.ts';
import { levelOf, UNKNOWN_LEVEL } from '../partition-set/values/level.ts';
import type { CompiledRule } from '../compilation/compile-rule.ts';
import type { Leaf } from '../compilation/conditions/leaf.ts';
import { comparisonOf } from '../model/rule/comparison-words.ts';
import { isMeasuring, type Measuring } from '../model/rule/measuring.ts';
import { scalarBits } from '../model/id-text.ts';
import type { PartitionState } from '../model/partition-set/partition-set-state.ts';
import type { Evaluation, Rule, SequenceStep } from '../model/rule/rule-schema.ts';
import { expectedCount, isLive, statusOf, type PartitionSet } from '../partition-set/partition-set.ts';
import { isoTime } from '../primitives/text/iso-time.ts';
import { cutToBytes, jsonBytes } from '../primitives/text/bytes.ts';
import { formatDuration } from '../primitives/text/duration.ts';
import { showValue, type Scalar } from '../primitives/value.ts';
import { comparisonText, conditionText } from './condition-text.ts';

/** Partitions in a summary for people; the query `state` returns all. */
const PARTITIONS_SHOWN = 20;
/** Leaf values per partition, and characters per value. */
const VALUES_SHOWN = 8;
const VALUE_LENGTH = 100;

/*
 * Limits in bytes of JSON, so that a summary has at most 16 KB whatever tenants write. Temporal rejects titles of more
 * than 400 bytes and details of more than 20,000.
 */
const TITLE_BYTES = 300;
const RULE_BYTES = 4_096;
const ROW_BYTES = 512;

/** The title of a rule's workflows in the Temporal UI. */
export const titleOf = ({ clientId, name, id }: Rule): string => cut(`${clientId}: ${name ?? id}`, TITLE_BYTES);

const ELLIPSIS = '…';
const cut = (text: string, maxBytes: number): string =>
  jsonBytes(text) <= maxBytes ? text : cutToBytes(text, maxBytes - jsonBytes(ELLIPSIS)) + ELLIPSIS;

/** Markdown for the Temporal UI: the rule, its status, and its partitions. */
export function describeSet(set: PartitionSet): string {
  const { rule, state, live, roster } = set;
  const satisfying = satisfyingKeys(set);
  const keys = [
    ...firstKeys(satisfying, PARTITIONS_SHOWN),
    ...(set.index.size <= PARTITIONS_SHOWN ? Object.keys(state.partitions) : []),
  ];
  const rows = [...new Set(keys)]
    .slice(0, PARTITIONS_SHOWN)
    .map((key) => row(set, state.partitions[key] as PartitionState));
  return [
    `**${cut(rule.rule.name ?? rule.rule.id, TITLE_BYTES)}** is **${statusOf(set)}**${marksText(set)}, version ${state.ruleVersion}`,
    '',
    `\`${describeRule(rule.rule)}\``,
    '',
    `${satisfying.size} of ${live} live partitions ${doneBy(set)}${roster.size > 0 ? `, ${set.rosterLive} of ${expectedCount(set)} expected are live` : ''}. Events up to ${new Date(state.now).toISOString()}.`,
    '',
    ...(rows.length > 0 ? ['| partition | value | since event | satisfies |', '|---|---|---|---|', ...rows] : []),
    ...(set.index.size > rows.length ? ['', `${set.index.size - rows.length} more: see the query \`state\`.`] : []),
  ].join('\n');
}

/** What people did about the set's own alert. */
function marksText({ rule, state }: PartitionSet): string {
  const { acknowledged, snoozed } = state.alert;
  if (rule.each) return '';
  const until = snoozed === undefined ? '' : `, snoozed until ${isoTime(snoozed.until)}`;
  return (acknowledged === undefined ? '' : `, acknowledged by \`${cut(acknowledged.by, TITLE_BYTES)}\``) + until;
}

function doneBy({ across, state }: PartitionSet): string {
  if (across === null) return 'satisfy';
  const { type, grows } = across.measure;
  const value = across.valueAt(state.now);
  const text = value === undefined ? 'unknown' : grows ? formatDuration(Math.round(value)) : String(value);
  return `have a value; the ${type} is ${text}`;
}

/** The rule in one line, cut if very long: `all having latest(state) equals "stopped", by machineId`. */
export function describeRule(rule: Rule): string {
  const by = rule.partitionBy === undefined ? '' : `, by ${rule.partitionBy.join(', ')}`;
  const times = (['for', 'keepFiringFor', 'staleAfter', 'lateTolerance', 'heartbeat', 'repeat'] as const).flatMap(
    (word) => (rule[word] === undefined ? [] : [`${word} ${rule[word]}`]),
  );
  const clear = rule.clear === undefined ? [] : [`until ${conditionText(rule.clear)}`];
  const latch = rule.latch === true ? ['latched until acknowledged'] : [];
  const silence = rule.noData === undefined ? [] : [`no data for ${rule.noData.after}: ${rule.noData.then ?? 'keep'}`];
  const forgets = rule.forgetOn === undefined ? [] : [`forgotten on ${JSON.stringify(rule.forgetOn)}`];
  return cut(
    [`${evaluationText(rule.evaluate)}${by}`, ...clear, ...times, ...latch, ...silence, ...forgets].join(', '),
    RULE_BYTES,
  );
}

function evaluationText(evaluate: Evaluation): string {
  if (evaluate.type === 'sequence') {
    const whole = evaluate.within === undefined ? '' : `, all within ${evaluate.within}`;
    return `sequence of ${evaluate.steps.map(stepText).join(', then ')}${whole}`;
  }
  if (isMeasuring(evaluate)) return measureText(evaluate);
  const { type, having, levels } = evaluate;
  const comparison = comparisonOf(evaluate);
  const whole = type === 'percent' && evaluate.of === 'expected' ? ' of the expected' : '';
  const counted = whole + (Object.keys(comparison).length > 0 ? ` ${comparisonText(comparison)}` : '');
  if (having !== undefined) return `${type}${counted} having ${conditionText(having)}`;
  return `${type}${counted} having ${(levels ?? []).map((level) => `${conditionText(level.having)} (${levelText(level)})`).join('; ')}`;
}

/** The severity of a level, and its own words. */
function levelText(level: LevelWords): string {
  const times = (['for', 'keepFiringFor'] as const).flatMap((word) =>
    level[word] === undefined ? [] : [`${word} ${level[word]}`],
  );
  const clear = level.clear === undefined ? [] : [`until ${conditionText(level.clear)}`];
  return [level.severity, ...times, ...clear].join(', ');
}

type LevelWords = Pick<Rule, 'for' | 'keepFiringFor' | 'clear'> & { severity: string };

function measureText(evaluate: Measuring): string {
  const { type, of, levels = [] } = evaluate;
  const levelTexts = levels.map((level) => `${comparisonText(comparisonOf(level))} (${levelText(level)})`);
  return `${type} of ${conditionText(of)} ${levelTexts.join('; ') || comparisonText(comparisonOf(evaluate))}`;
}

function stepText(step: SequenceStep): string {
  const text = 'not' in step ? `not within ${step.within}` : eventText(step);
  return step.unless === undefined ? text : `${text} (with unless)`;
}

function eventText({ as: name = 'event', times = 1, strict = false }: Exclude<SequenceStep, { not: unknown }>): string {
  return `${strict ? 'directly ' : ''}${times > 1 ? `${times} times ` : ''}${name}`;
}

function firstKeys(keys: Iterable<string>, count: number): string[] {
  const first: string[] = [];
  for (const key of keys) {
    if (first.length >= count) break;
    first.push(key);
  }
  return first;
}

function row(set: PartitionSet, partition: PartitionState): string {
  const { rule, state } = set;
  const name = Object.entries(named(rule.partitionBy, partition.key))
    .map(([property, value]) => `${property}=${bitsOf(value)}`)
    .join(', ');
  const { shown: item } = partition;
  const values =
    item !== undefined
      ? [item.value]
      : leavesOf(rule)
          .slice(0, VALUES_SHOWN)
          .map((leaf) =>
            leaf.spec.value(
              partition.stores[leaf.slot] ?? null,
              state.now,
              leaf.withinMs,
              partition.last?.timeMs ?? state.now,
            ),
          );
  const shown = values
    .map((value) => (value === undefined || partition.last === null ? '–' : bitsOf(showValue(value))))
    .join(', ');
  const last = partition.last === null ? 'never' : `${formatDuration(state.now - partition.last.timeMs)} ago`;
  const holds = isLive(partition) ? answerAt(levelOf(set, partition)) : partition.stale ? 'stale' : 'not reported';
  const more = item === undefined && leavesOf(rule).length > VALUES_SHOWN ? ', …' : '';
  return `| ${cut(name || 'all', ROW_BYTES / 2)} | ${cut(shown + more, ROW_BYTES / 2)} | ${last} | ${holds} |`;
}

const leavesOf = ({ measure, leaves }: CompiledRule): readonly Leaf[] => (measure === null ? leaves : [measure.leaf]);

const answerAt = (level: number): string => (level >= 0 ? 'yes' : level === UNKNOWN_LEVEL ? 'unknown' : 'no');

/** Only the beginning is shown; encoding the whole value would be slow. */
const bitsOf = (value: Scalar): string => scalarBits(typeof value === 'string' ? value.slice(0, VALUE_LENGTH) : value);
