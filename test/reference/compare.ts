import type { Comparison, Predicate } from '../../src/core/model/condition-schema.ts';
import { comparesWith } from './operands.ts';

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
const isShort = (value: unknown): value is string => typeof value === 'string' && value.length <= TEXT_LENGTH;

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

/** `steps`: the events of earlier steps of a match, by the names of the steps. */
export function satisfies(predicate: Predicate, data: Record<string, unknown>, steps: StepEvents = {}): boolean {
  if ('all' in predicate) return predicate.all.every((part) => satisfies(part, data, steps));
  if ('any' in predicate) return predicate.any.some((part) => satisfies(part, data, steps));
  if ('not' in predicate) return !satisfies(predicate.not, data, steps);
  const { property, as, ...comparison } = predicate;
  const side = (operand: object): unknown => {
    const { step, ...where } = operand as { step?: string; property: string };
    return valueOf(step === undefined ? data : (steps[step] ?? {}), where);
  };
  return comparesWith(comparison, valueOf(data, { property, as }), side) === true;
}

export type StepEvents = Readonly<Record<string, Record<string, unknown>>>;

/** What a leaf compares or calculates with: the property, or the number that it is or says. */
export function valueOf(
  data: Record<string, unknown>,
  { property, as }: { property: string; as?: string | undefined },
): unknown {
  const value = read(data, property);
  if (as !== 'number' || typeof value === 'number') return value;
  const text = isShort(value) ? value.trim() : '';
  const number = /^[-+.\deE]+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** A property by its path, or by names that hold the dots and brackets themselves. */
export function read(data: Record<string, unknown>, path: string): unknown {
  if (Object.hasOwn(data, path)) return data[path];
  const plain = inside(data, path.split('.'));
  return plain === undefined ? inside(data, path.match(NAMES)?.map(nameOf) ?? []) : plain;
}

const NAMES = /\["(?:[^"\\]|\\.)*"\]|\[\d+\]|[^.[\]]+/g;

function nameOf(token: string): string {
  if (token.startsWith('["')) return JSON.parse(token.slice(1, -1)) as string;
  return token.startsWith('[') ? token.slice(1, -1) : token;
}

const inside = (data: unknown, names: readonly string[]): unknown =>
  names.reduce<unknown>((value, name) => {
    const known = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return known ? (value as Record<string, unknown>)[name] : undefined;
  }, data);
