import type { Comparison } from '../../src/core/model/condition-schema.ts';

/** "Comparisons" of docs/semantics.md. `undefined` is what is not there. */
export function compares({ ignoreCase, ...comparison }: Comparison, value: unknown): boolean {
  if (ignoreCase === true) {
    const operands = Object.entries(comparison).map(([word, operand]) => [
      word,
      Array.isArray(operand) ? operand.map(upperCase) : upperCase(operand),
    ]);
    return compares(Object.fromEntries(operands) as Comparison, upperCase(value));
  }
  return Object.entries(comparison).every(([word, operand]) => COMPARE[word]?.(value, operand) ?? true);
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
const kind = (value: unknown): string => (value === null ? 'null' : typeof value);

/** Below, equal or above; NaN, for which nothing holds, where there is no order. */
function order(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return Math.sign(a - b);
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
