import { LIMITS } from './limits.ts';

/** Something that is there but is no scalar, or is too long to keep: no comparison but `exists` and '*' holds for it. */
export interface Opaque {
  json: string;
}

export type Value = Scalar | Opaque;

/** What vigil keeps of a property: bounded, and JSON as it stands. undefined: not there (or a number that JSON cannot say). */
export function boundValue(value: unknown): Value | undefined {
  switch (typeof value) {
    case 'string':
      return value.length <= LIMITS.textLength ? value : { json: value.slice(0, LIMITS.textLength) };
    case 'number':
      return Number.isFinite(value) ? value : undefined;
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : { json: JSON.stringify(value).slice(0, LIMITS.textLength) };
    default:
      return undefined;
  }
}

/** A value as evidence shows it. */
export const showValue = (value: Value): Scalar => (typeof value === 'object' && value !== null ? value.json : value);

export type Scalar = string | number | boolean | null;
