import type { Comparison, Condition } from '../../src/core/model/condition-schema.ts';
import { calculate, UNKNOWN } from './calculate.ts';
import { compares, COMPARISON_WORDS } from './compare.ts';
import { undecided, type Arrival, type Instant, type Leaf } from './model.ts';
import { ms } from './ms.ts';

/** What is remembered of a leaf from one instant to the next. */
interface LeafMemory {
  answer: boolean;
  began: number;
  broke: number;
  /** As long as its own `for` says. */
  heldLongEnough: boolean;
  /** The clock decides no earlier. */
  undecidedUntil: number;
}

/** By the leaf's place in the rule. */
export type ConditionMemory = Map<string, LeafMemory>;

const NOTHING: LeafMemory = {
  answer: false,
  began: -Infinity,
  broke: -Infinity,
  heldLongEnough: false,
  undecidedUntil: -Infinity,
};

const FLAPS_ABOVE = 0.5;
const CALM_BELOW = 0.25;

/** Whether a condition holds for the events of a partition. Every leaf is looked at, so that each remembers its own answer. */
export function holds(
  node: Condition,
  place: string,
  events: readonly Arrival[],
  instant: Instant,
  memory: ConditionMemory,
): boolean {
  const parts = (nodes: Condition[]): boolean[] =>
    nodes.map((part, index) => holds(part, `${place}.${index}`, events, instant, memory));
  if ('all' in node) return parts(node.all).every(Boolean);
  if ('any' in node) return parts(node.any).some(Boolean);
  if ('not' in node) return !parts([node.not])[0];
  return leafHolds(node, place, events, instant, memory);
}

function leafHolds(
  leaf: Leaf,
  place: string,
  events: readonly Arrival[],
  instant: Instant,
  memory: ConditionMemory,
): boolean {
  const { clock, cause, end } = instant;
  const before = memory.get(place) ?? NOTHING;
  const value = calculate(leaf, events, clock);
  const answer = value === UNKNOWN ? before.answer : answerTo(leaf, value, before.answer);
  const began = answer && !before.answer ? Math.max(cause, before.broke) : before.began;
  const broke = !answer && before.answer ? Math.max(cause, before.began) : before.broke;
  const undecidedUntil = answer && !before.answer ? undecided(instant, began + ms(leaf.for)) : before.undecidedUntil;
  const isProven = !end && clock > began + ms(leaf.for) && undecidedUntil > -Infinity && cause >= began + ms(leaf.for);
  const isDecided = isProven || (end && clock >= began + ms(leaf.for) && clock >= undecidedUntil);
  const heldLongEnough = answer && (before.heldLongEnough || isDecided);
  memory.set(place, { answer, began, broke, heldLongEnough, undecidedUntil });
  return leaf.for === undefined ? answer : heldLongEnough;
}

function answerTo(leaf: Leaf, value: unknown, before: boolean): boolean {
  const comparison = Object.fromEntries(
    Object.entries(leaf).filter(([word]) => COMPARISON_WORDS.includes(word)),
  ) as Comparison;
  if (leaf.calc === 'flapping' && Object.keys(comparison).length === 0) {
    return (value as number) > FLAPS_ABOVE || (before && (value as number) >= CALM_BELOW);
  }
  return compares(leaf.calc === 'age' || leaf.calc === 'unchanged' ? inMilliseconds(comparison) : comparison, value);
}

/** `age` and `unchanged` are compared with durations. */
function inMilliseconds(comparison: Comparison): Comparison {
  const convert = (operand: unknown): unknown => {
    if (Array.isArray(operand)) return operand.map(convert);
    return typeof operand === 'string' && operand !== '*' ? ms(operand) : operand;
  };
  return Object.fromEntries(Object.entries(comparison).map(([word, operand]) => [word, convert(operand)]));
}
