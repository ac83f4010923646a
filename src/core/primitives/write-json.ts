import { toStored } from './whole-number.ts';

/** Like JSON.stringify, but writes the digits of a bigint. Only for values that parseJson has read. */
export function writeJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // What JSON.stringify says about a bigint, and about a circular reference.
    if (!(error instanceof TypeError)) throw error;
    return written(value);
  }
}

function written(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}:${written(each)}`);
  return `{${entries.join(',')}}`;
}

/** Unescaped quotes: it cannot be part of a text. */
const STORED = /\{\s*"int":\s*"(-?\d{16,256})"\s*\}/g;

/** JSON of rules and alerts for others: the digits of whole numbers, which are `{int: …}` in rules, state and alerts. */
export function writeForOthers(value: unknown, indent?: number): string {
  const text = JSON.stringify(
    value,
    (_name, each: unknown) => (typeof each === 'bigint' ? toStored(each) : each),
    indent,
  );
  return text.includes('"int":') ? text.replaceAll(STORED, '$1') : text;
}
