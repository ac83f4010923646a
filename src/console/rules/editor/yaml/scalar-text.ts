import { parse } from 'yaml';

/* How values are written in a field: 80 is a number, '80' is a text. */

type Scalar = string | number | bigint | boolean | null;

/** The value that a text in a field stands for. */
export function scalarOf(text: string): Scalar {
  try {
    const value: unknown = parse(text, { intAsBigInt: true });
    return typeof value === 'object' && value !== null ? text : (value as Scalar);
  } catch {
    return text;
  }
}

/** A value as a field has it. */
export function fieldText(value: unknown): string {
  if (!isScalarValue(value)) return '';
  return typeof value === 'string' && scalarOf(value) !== value ? JSON.stringify(value) : String(value);
}

export const isScalarValue = (value: unknown): value is Scalar =>
  value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
