import type { CompiledCondition } from '../compilation/conditions/condition.ts';
import { holds } from '../compilation/conditions/condition.ts';
import type { Leaf } from '../compilation/conditions/leaf.ts';
import { adjusted } from '../compilation/conditions/operand.ts';
import { calculate } from '../partition-set/values/calculate.ts';
import { rawSide } from '../evaluation/partition/operand-leaf.ts';
import { conditionText } from '../language/condition-text.ts';
import { comparisonOf } from '../model/rule/comparison-words.ts';
import type { Calculation, Condition } from '../model/rule/condition-schema.ts';
import type { PartitionEntry } from '../partition-set/partition-index.ts';
import type { PartitionSet } from '../partition-set/partition-set.ts';
import { isoTime, isoTimeOrNull } from '../primitives/text/iso-time.ts';
import { formatDuration } from '../primitives/text/duration.ts';
import type { Truth } from '../primitives/truth.ts';
import { showValue, type Value } from '../primitives/value.ts';
import { asSample } from '../windows/accumulators.ts';
import type { AnswerText, ConditionNow, EventNow } from './explanation.ts';

const TEXT_LENGTH = 1_000;

export const answerText = (truth: Truth): AnswerText => (truth === undefined ? 'unknown' : truth ? 'yes' : 'no');

/** A condition of a partition that has just been evaluated: `set.answers` are its own. */
export function conditionNow(
  set: PartitionSet,
  entry: PartitionEntry,
  node: Condition,
  compiled: CompiledCondition,
): ConditionNow {
  const answer = answerText(holds(compiled, set.answers));
  const of = (part: Condition, index: number): ConditionNow =>
    conditionNow(set, entry, part, partsOf(compiled)[index] ?? compiled);
  if ('all' in node) return { kind: 'all', answer, parts: node.all.map(of) };
  if ('any' in node) return { kind: 'any', answer, parts: node.any.map(of) };
  if ('not' in node) return { kind: 'not', answer, parts: [of(node.not, 0)] };
  const leaf = set.rule.leaves[compiled.kind === 'leaf' ? compiled.leaf : -1];
  return leafNow(set, entry, node, leaf, answer);
}

function partsOf(compiled: CompiledCondition): readonly CompiledCondition[] {
  if (compiled.kind === 'leaf') return [];
  return compiled.kind === 'not' ? [compiled.part] : compiled.parts;
}

/** @param leaf undefined only for a condition that is not the compiled one */
function leafNow(
  set: PartitionSet,
  entry: PartitionEntry,
  node: Calculation,
  leaf: Leaf | undefined,
  answer: AnswerText,
): ConditionNow {
  const text = conditionText(node).slice(0, TEXT_LENGTH);
  if (leaf === undefined)
    return { kind: 'leaf', answer, text, value: null, operands: [], lacks: null, since: null, event: null };
  const { value } = calculate(set, entry, leaf);
  const operands = (leaf.operands ?? []).map((each) => adjusted(rawSide(set, entry, each).value, each.operand));
  const { since = null } = entry.partition.memory[leaf.memory] ?? {};
  return {
    kind: 'leaf',
    answer,
    text,
    value: shown(leaf, value),
    operands: operands.map((each) => shown(leaf, each)),
    lacks: lacking(node, value, operands, answer),
    since: isoTimeOrNull(leaf.forMs === 0 ? null : since),
    event: eventOf(set, entry, leaf),
  };
}

function shown({ spec }: Leaf, value: unknown): unknown {
  if (typeof value === 'number' && (spec.isAge === true || spec.isDuration === true)) return formatDuration(value);
  if (value === undefined || typeof value === 'symbol') return null;
  if (typeof value === 'bigint') return String(value);
  const text = showValue(value as Value);
  return typeof text === 'string' ? text.slice(0, TEXT_LENGTH) : text;
}

/** The distance to the bound of the only comparison, if both sides are numbers. */
function lacking(node: Calculation, value: unknown, operands: readonly unknown[], answer: AnswerText): number | null {
  const words = Object.entries(comparisonOf(node));
  const [[word, side] = []] = words;
  const bound = operands.length > 0 ? operands[0] : side;
  if (answer !== 'no' || words.length !== 1 || typeof value !== 'number' || typeof bound !== 'number') return null;
  if (word === 'gt' || word === 'gte') return bound - value;
  return word === 'lt' || word === 'lte' ? value - bound : null;
}

/** Of `latest` the event that brought the value, else the newest event of the partition. */
function eventOf({ rule }: PartitionSet, { partition }: PartitionEntry, leaf: Leaf): EventNow | null {
  if (rule.slots[leaf.slot]?.kind === 'latest') {
    const sample = asSample(partition.stores[leaf.slot] ?? null);
    return sample === null ? null : { sequence: sample[1], time: isoTime(sample[0]) };
  }
  return partition.last === null ? null : newestEvent(partition.last);
}

export const newestEvent = ({ sequence, timeMs }: { sequence: number; timeMs: number }): EventNow => ({
  sequence,
  time: isoTime(timeMs),
});
