import { comparisonOf } from '../../model/rule/comparison-words.ts';
import type { Comparison, ConstantComparison } from '../../model/rule/condition-schema.ts';
import { isOperand, type Adjustment, type Operand } from '../../model/rule/operand-words.ts';
import { asNumber } from '../../primitives/numbers/as-number.ts';
import { foldCase } from '../../primitives/text/fold-case.ts';
import { finite, isNumber, order } from '../../primitives/numbers/numbers.ts';
import { inMemory } from '../../primitives/numbers/whole-number.ts';

/* Comparisons with right sides that are not constants. An operand without a value satisfies nothing. */

/** The value of an operand while nothing can be said about it. */
export const UNKNOWN = Symbol('unknown');

/** Reads the right side of a comparison; undefined if it has no value. */
type Side<Source> = (source: Source) => unknown;
type ThreeValued<Source> = (value: unknown, source: Source) => boolean | undefined;

export const operandsIn = (comparison: Comparison): Operand[] =>
  Object.values(comparisonOf(comparison)).flat().filter(isOperand);

export const hasOperands = (comparison: Comparison): boolean => operandsIn(comparison).length > 0;

/** The part of a comparison whose right sides are constants. */
export function constantPart(comparison: Comparison): ConstantComparison {
  const entries = Object.entries(comparisonOf(comparison));
  return Object.fromEntries(entries.filter(([, side]) => ![side].flat().some(isOperand)));
}

/** The value of an operand as it is compared: value × times + plus. Undefined for what is no number, text or truth value. */
export function adjusted(value: unknown, { as, default: fallback, times, plus }: Adjustment): unknown {
  if (value === UNKNOWN && fallback === undefined) return UNKNOWN;
  const known = inMemory(value);
  const own = as === 'number' || value === UNKNOWN ? asNumber(known) : known;
  const read = own ?? inMemory(fallback);
  if (times === undefined && plus === undefined) return typeof read === 'object' ? undefined : read;
  return isNumber(read) ? finite(Number(read) * (times ?? 1) + (plus ?? 0)) : undefined;
}

type SideWord = 'equals' | 'notEquals' | 'gt' | 'gte' | 'lt' | 'lte';
const HOLDS: Record<SideWord, (value: unknown, side: unknown) => boolean> = {
  equals: (value, side) => value === side,
  notEquals: (value, side) => (typeof value === typeof side || (isNumber(value) && isNumber(side))) && value !== side,
  gt: (value, side) => order(value, side) > 0,
  gte: (value, side) => order(value, side) >= 0,
  lt: (value, side) => order(value, side) < 0,
  lte: (value, side) => order(value, side) <= 0,
};

/**
 * The sides of a comparison that have operands, as a test: undefined if it depends on an unknown operand. `compile`
 * makes the reader of an operand.
 */
export function compileSides<Source>(
  comparison: Comparison,
  compile: (operand: Operand) => Side<Source>,
): ThreeValued<Source> {
  const fold = comparison.ignoreCase === true;
  const readerOf = (side: unknown): Side<Source> => {
    const constant = inMemory(side);
    const read = isOperand(side) ? compile(side) : (): unknown => constant;
    return fold ? (source) => foldCase(read(source)) : read;
  };
  const tests = Object.entries(comparisonOf(comparison)).flatMap(([word, side]) => {
    if (![side].flat().some(isOperand)) return [];
    if (word !== 'between') return [{ holds: HOLDS[word as SideWord], read: readerOf(side) }];
    const [from, to] = side as [unknown, unknown];
    return [
      { holds: HOLDS.gte, read: readerOf(from) },
      { holds: HOLDS.lte, read: readerOf(to) },
    ];
  });
  return (value, source) => {
    const compared = fold ? foldCase(value) : value;
    let answer: boolean | undefined = true;
    for (const { holds, read } of tests) {
      const side = read(source);
      if (side === UNKNOWN) answer = undefined;
      else if (side === undefined || !holds(compared, side)) return false;
    }
    return answer;
  };
}
