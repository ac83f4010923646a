import { LIMITS } from './limits.ts';
import { isWholeNumber, toStored, type WholeNumber } from './whole-number.ts';
import { writeJson } from './write-json.ts';

/** A value that is not a scalar, or is too long to keep: only `exists` and '*' hold for it. */
export interface Opaque {
  json: string;
}

export type Value = Scalar | Opaque;

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
      return value === null ? null : { json: writeJson(value).slice(0, LIMITS.textLength) };
    case 'bigint':
      return toStored(value);
    default:
      return undefined;
  }
}

/** The form of a value in evidence. */
export const showValue = (value: Value): Scalar =>
  typeof value === 'object' && value !== null && 'json' in value ? value.json : value;

export type Scalar = string | number | boolean | null | WholeNumber;

export const scalarText = (value: Scalar): string => (isWholeNumber(value) ? value.int : String(value));
