import type { Predicate } from '../../../src/core/model/rule/condition-schema.ts';
import { isShort } from '../compare.ts';
import { comparesAny, elements, Found, isOfElements } from './elements.ts';

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
  return comparesAny(comparison, valueOf(data, { property, as }), side) === true;
}

export type StepEvents = Readonly<Record<string, Record<string, unknown>>>;

/** What a leaf compares or calculates with: the property, or the number that it is or says. */
export function valueOf(
  data: Record<string, unknown>,
  { property, as }: { property: string; as?: string | undefined },
): unknown {
  const value = read(data, property);
  if (!(value instanceof Found)) return asSaid(value, as);
  return new Found(value.values.map((each) => asSaid(each, as)).filter((each) => each !== undefined));
}

function asSaid(value: unknown, as: string | undefined): unknown {
  if (as !== 'number' || typeof value === 'number' || typeof value === 'bigint') return value;
  const text = isShort(value) ? value.trim() : '';
  const number = /^[-+.\deE]+$/.test(text) ? Number(text) : Number.NaN;
  if (/^[-+]?\d+$/.test(text) && String(BigInt(text)) !== String(number)) return BigInt(text);
  return Number.isFinite(number) ? number : undefined;
}

/** A property by its path, or by names that hold the dots and brackets themselves. With `[*]`, of every element. */
export function read(data: Record<string, unknown>, path: string): unknown {
  if (Object.hasOwn(data, path)) return data[path];
  const plain = inside(data, path.split('.'));
  if (plain !== undefined) return plain;
  const tokens = path.match(NAMES) ?? [];
  return isOfElements(path) ? elements(data, tokens, nameOf) : inside(data, tokens.map(nameOf));
}

const NAMES = /\["(?:[^"\\]|\\.)*"\]|\[\d+\]|\[\*\]|[^.[\]]+/g;

function nameOf(token: string): string {
  if (token.startsWith('["')) return JSON.parse(token.slice(1, -1)) as string;
  return token.startsWith('[') ? token.slice(1, -1) : token;
}

const inside = (data: unknown, names: readonly string[]): unknown =>
  names.reduce<unknown>((value, name) => {
    const known = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return known ? (value as Record<string, unknown>)[name] : undefined;
  }, data);
