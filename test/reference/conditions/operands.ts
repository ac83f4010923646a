import { compares } from '../compare.ts';

/* "Operands" of docs/semantics.md: right sides of comparisons that are not constants. */

/** A value about which nothing can be said now. */
export const UNKNOWN = Symbol('unknown');

interface Operand {
  default?: unknown;
  times?: number;
  plus?: number;
}

const isOperand = (side: unknown): boolean =>
  typeof side === 'object' && side !== null && !Array.isArray(side) && !('int' in side);

/**
 * A comparison that may have operands; `read` finds the value of one before it is multiplied. UNKNOWN if it depends on a
 * value that is unknown.
 */
export function comparesWith(
  { ignoreCase, ...words }: { ignoreCase?: boolean | undefined },
  value: unknown,
  read: (operand: object) => unknown,
): boolean | typeof UNKNOWN {
  const answers = Object.entries(words as Record<string, unknown>).flatMap(([word, side]) => {
    if (word !== 'between') return [answer(word, side)];
    const [from, to] = side as unknown[];
    return [answer('gte', from), answer('lte', to)];
  });
  function answer(word: string, side: unknown): boolean | typeof UNKNOWN {
    if (!isOperand(side)) return compares({ [word]: side, ignoreCase }, value);
    const compared = amount(side as Operand, read(side as object));
    if (compared === UNKNOWN) return UNKNOWN;
    if (!['string', 'number', 'bigint', 'boolean'].includes(typeof compared)) return false;
    // An operand that happens to be '*' is that text.
    if (word === 'equals' && compared === '*') return value === '*';
    return compares({ [word]: compared, ignoreCase }, value);
  }
  if (answers.includes(false)) return false;
  return answers.includes(UNKNOWN) ? UNKNOWN : true;
}

function amount({ default: instead, times, plus }: Operand, found: unknown): unknown {
  const known = found === UNKNOWN || found === undefined || found === null ? (instead ?? found) : found;
  if (known === UNKNOWN || (times === undefined && plus === undefined)) return known;
  if (typeof known !== 'number' && typeof known !== 'bigint') return undefined;
  const result = Number(known) * (times ?? 1) + (plus ?? 0);
  return Number.isFinite(result) ? result : Math.sign(result) * Number.MAX_VALUE;
}
