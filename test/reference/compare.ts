import type { Comparison } from '../../src/core/model/rule/condition-schema.ts';

/** "Comparisons" of docs/semantics.md. `undefined` is what is not there. */
export function compares({ ignoreCase, ...comparison }: Comparison, value: unknown): boolean {
  if (ignoreCase === true) {
    const operands = Object.entries(comparison).map(([word, operand]) => [
      word,
      Array.isArray(operand) ? operand.map(upperCase) : upperCase(operand),
    ]);
    return compares(Object.fromEntries(operands) as Comparison, upperCase(value));
  }
  return Object.entries(comparison).every(
    ([word, operand]) => COMPARE[word]?.(value, Array.isArray(operand) ? operand.map(exact) : exact(operand)) ?? true,
  );
}

const COMPARE: Record<string, (value: unknown, operand: unknown) => boolean> = {
  equals: (value, operand) => (operand === '*' ? value !== undefined : value === operand),
  notEquals: (value, operand) => kind(value) === kind(operand) && value !== operand,
  in: (value, operand) => list(operand).includes(value),
  notIn: (value, operand) =>
    list(operand).some((entry) => kind(entry) === kind(value)) && !list(operand).includes(value),
  gt: (value, operand) => order(value, operand) > 0,
  gte: (value, operand) => order(value, operand) >= 0,
  lt: (value, operand) => order(value, operand) < 0,
  lte: (value, operand) => order(value, operand) <= 0,
  between: (value, operand) => compares({ gte: list(operand)[0] as number, lte: list(operand)[1] as number }, value),
  exists: (value, operand) => (value !== undefined) === operand,
  glob: (value, operand) => isShort(value) && globPattern(operand as string).test(value),
  contains: (value, operand) => isShort(value) && value.split(operand as string).length > 1,
  startsWith: (value, operand) => isShort(value) && value.slice(0, (operand as string).length) === operand,
  endsWith: (value, operand) => isShort(value) && value.slice(-(operand as string).length) === operand,
};

export const COMPARISON_WORDS = [...Object.keys(COMPARE), 'ignoreCase'];

/** Texts are searched up to this length. */
const TEXT_LENGTH = 1024;
export const isShort = (value: unknown): value is string => typeof value === 'string' && value.length <= TEXT_LENGTH;

/** Letter by letter, if the upper case is one letter of the same length. */
function upperCase(value: unknown): unknown {
  if (!isShort(value)) return value;
  return Array.from(value)
    .map((letter) => (letter.toUpperCase().length === letter.length ? letter.toUpperCase() : letter))
    .join('');
}

const list = (operand: unknown): unknown[] => operand as unknown[];
const kind = (value: unknown): string => (value === null ? 'null' : isNumber(value) ? 'number' : typeof value);
const isNumber = (value: unknown): value is number | bigint => typeof value === 'number' || typeof value === 'bigint';

/** An operand with all its digits; rules are JSON, so there it is an object. */
const exact = (operand: unknown): unknown =>
  typeof operand === 'object' && operand !== null && 'int' in operand ? BigInt(operand.int as string) : operand;

/** The number that it prints, times a power of ten that both may have as a fraction: then all digits count. */
function order10(a: number | bigint, b: number | bigint): number {
  const [left, right] = [decimal(a), decimal(b)];
  const places = Math.max(left.places, right.places);
  const difference =
    left.digits * 10n ** BigInt(places - left.places) - right.digits * 10n ** BigInt(places - right.places);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function decimal(number: number | bigint): { digits: bigint; places: number } {
  const [mantissa = '', exponent = '0'] = String(number).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const places = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, -places));
  return { digits, places: Math.max(0, places) };
}

/** Below, equal or above; NaN, for which nothing holds, where there is no order. */
function order(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return Math.sign(a - b);
  if (isNumber(a) && isNumber(b)) return order10(a, b);
  if (typeof a !== 'string' || typeof b !== 'string') return Number.NaN;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function globPattern(glob: string): RegExp {
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 's');
}
