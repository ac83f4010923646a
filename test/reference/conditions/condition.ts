import type { Comparison, Condition } from '../../../src/core/model/rule/condition-schema.ts';
import { calculate } from './calculate.ts';
import { COMPARISON_WORDS } from '../compare.ts';
import { undecided, type Arrival, type Instant, type Leaf } from '../model.ts';
import { ms } from '../ms.ts';
import type { Settings } from '../settings.ts';
import { comparesAny } from './elements.ts';
import { comparesWith, UNKNOWN } from './operands.ts';

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
  settings: Settings,
): Answer {
  const parts = (nodes: Condition[]): Answer[] =>
    nodes.map((part, index) => holds(part, `${place}.${index}`, events, instant, memory, settings));
  if ('all' in node) return worst(parts(node.all), ['no', 'unknown', 'yes']);
  if ('any' in node) return worst(parts(node.any), ['yes', 'unknown', 'no']);
  if ('not' in node) return OPPOSITE[parts([node.not])[0] ?? 'unknown'];
  return leafHolds(node, place, events, instant, memory, settings);
}

export type Answer = 'yes' | 'no' | 'unknown';

const OPPOSITE: Record<Answer, Answer> = { yes: 'no', no: 'yes', unknown: 'unknown' };

/** The first of the answers that is among the parts' answers. */
const worst = (answers: readonly Answer[], order: readonly Answer[]): Answer =>
  order.find((answer) => answers.includes(answer)) ?? 'unknown';

function leafHolds(
  leaf: Leaf,
  place: string,
  events: readonly Arrival[],
  instant: Instant,
  memory: ConditionMemory,
  settings: Settings,
): Answer {
  const { clock, cause, end } = instant;
  const before = memory.get(place) ?? NOTHING;
  const value = calculate(leaf, events, instant);
  const side = (operand: object): unknown => valueOf(operand, events, settings, instant);
  const now = value === UNKNOWN ? UNKNOWN : answerTo(leaf, value, before.answer, side);
  // While nothing is known, only a `for` that has passed is remembered.
  const answer = now === UNKNOWN ? before.heldLongEnough : now;
  const began = answer && !before.answer ? Math.max(cause, before.broke) : before.began;
  const broke = !answer && before.answer ? Math.max(cause, before.began) : before.broke;
  const due = began + ms(leaf.for);
  const undecidedUntil = answer && !before.answer ? undecided(instant, due) : before.undecidedUntil;
  const isProven = !end && instant.settings !== true && clock > due && undecidedUntil > -Infinity && cause >= due;
  const isDecided = isProven || (end && clock >= due && clock >= undecidedUntil);
  const heldLongEnough = answer && (before.heldLongEnough || (leaf.for !== undefined && isDecided));
  memory.set(place, { answer, began, broke, heldLongEnough, undecidedUntil });
  if (now === UNKNOWN) return 'unknown';
  return (leaf.for === undefined ? answer : heldLongEnough) ? 'yes' : 'no';
}

/** Only `latest: x` is also what a setting says: one of the partition like any event, else one for all partitions. */
function valueOf(operand: { latest?: string }, events: readonly Arrival[], settings: Settings, now: Instant): unknown {
  const calculation = calculationOf(operand);
  if (operand.latest === undefined) return calculate(calculation, events, now);
  return calculate(calculation, [...events, ...settings.own], now) ?? calculate(calculation, settings.shared, now);
}

const calculationOf = (operand: { latest?: string; as?: string }): Leaf =>
  operand.latest === undefined
    ? (operand as Leaf)
    : { calc: 'latest', property: operand.latest, ...(operand.as !== undefined && { as: operand.as }) };

function answerTo(
  leaf: Leaf,
  value: unknown,
  before: boolean,
  side: (operand: object) => unknown,
): boolean | typeof UNKNOWN {
  const comparison = Object.fromEntries(
    Object.entries(leaf).filter(([word]) => COMPARISON_WORDS.includes(word)),
  ) as Comparison;
  if (leaf.calc === 'flapping' && Object.keys(comparison).length === 0) {
    return (value as number) > FLAPS_ABOVE || (before && (value as number) >= CALM_BELOW);
  }
  if (['age', 'unchanged', 'timeIn'].includes(leaf.calc)) return comparesWith(inMilliseconds(comparison), value, side);
  return comparesAny(comparison, value, side);
}

/** `age` and `unchanged` are compared with durations. */
function inMilliseconds(comparison: Comparison): Comparison {
  const convert = (operand: unknown): unknown => {
    if (Array.isArray(operand)) return operand.map(convert);
    return typeof operand === 'string' && operand !== '*' ? ms(operand) : operand;
  };
  return Object.fromEntries(Object.entries(comparison).map(([word, operand]) => [word, convert(operand)]));
}
