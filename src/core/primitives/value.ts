import { jsonBytes } from './text/bytes.ts';
import { Elements } from './elements.ts';
import { LIMITS } from './limits.ts';
import { asStored, isWholeNumber, toStored, type WholeNumber } from './numbers/whole-number.ts';
import { writeJson } from './text/write-json.ts';

/** A value that is not a scalar, or is too long to keep: only `exists` and '*' hold for it. */
export interface Opaque {
  json: string;
}

export type ElementValue = Scalar | Opaque;

/** The different values of the elements of a list: what a path with `[*]` finds. */
export interface ElementValues {
  each: readonly ElementValue[];
}

export type Value = ElementValue | ElementValues;

/** The bounded, JSON-safe form of a property value; undefined if missing, or a number that JSON cannot express. */
export function boundValue(value: unknown): Value | undefined {
  switch (typeof value) {
    case 'string':
      return value.length <= LIMITS.textLength ? value : { json: value.slice(0, LIMITS.textLength) };
    case 'number':
      return Number.isFinite(value) ? value : undefined;
    case 'boolean':
      return value;
    case 'object':
      if (value instanceof Elements) return boundElements(value);
      return value === null ? null : { json: writeJson(value).slice(0, LIMITS.textLength) };
    case 'bigint':
      return toStored(value);
    default:
      return undefined;
  }
}

export const isElements = (value: unknown): value is ElementValues =>
  typeof value === 'object' && value !== null && Array.isArray((value as Partial<ElementValues>).each);

/** Characters of the JSON of an element that is not a scalar: only its presence counts. */
const OPAQUE_LENGTH = 64;

/** Each different value once, at most LIMITS.elements, as far as they fit into LIMITS.elementsBytes. */
function boundElements({ values }: Elements): ElementValues {
  const each: ElementValue[] = [];
  const seen = new Set<unknown>();
  for (const value of values) {
    const bound = boundElement(value);
    // No comparison tells opaque values apart.
    const same = isOpaque(bound) ? Elements : value;
    if (bound === undefined || seen.has(same)) continue;
    seen.add(same);
    each.push(bound);
  }
  return firstElements({ each }, LIMITS.elementsBytes);
}

/** The elements, at most LIMITS.elements, that fit into so many bytes of JSON; one that does not is left out. */
export function firstElements({ each }: ElementValues, bytes: number): ElementValues {
  let left = bytes;
  const isIn = (value: ElementValue): boolean => {
    const size = jsonBytes(value) + COMMA_BYTES;
    if (size > left) return false;
    left -= size;
    return true;
  };
  return { each: each.filter(isIn).slice(0, LIMITS.elements) };
}

function boundElement(value: unknown): ElementValue | undefined {
  const bound = boundValue(value) as ElementValue | undefined;
  return isOpaque(bound) ? { json: bound.json.slice(0, OPAQUE_LENGTH) } : bound;
}

const COMMA_BYTES = 1;

const isOpaque = (value: Value | undefined): value is Opaque =>
  typeof value === 'object' && value !== null && 'json' in value;

/** The form of a value in evidence and messages. */
export function showValue(value: Value): Scalar {
  if (typeof value !== 'object' || value === null || 'int' in value) return value;
  return 'json' in value ? value.json : joined(value);
}

const joined = ({ each }: ElementValues): string =>
  each
    .map((value) => scalarText(isOpaque(value) ? value.json : value))
    .join(', ')
    .slice(0, LIMITS.textLength);

export type Scalar = string | number | boolean | null | WholeNumber;

/** The values of a group or a partition, as they are in rules and in state. */
export const asStoredKey = (key: Readonly<Record<string, unknown>>): Record<string, Scalar> =>
  Object.fromEntries(Object.entries(key).map(([name, value]) => [name, asStored(value) as Scalar]));

export const scalarText = (value: Scalar): string => (isWholeNumber(value) ? value.int : String(value));
