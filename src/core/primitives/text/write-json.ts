import { toStored } from '../numbers/whole-number.ts';

/**
 * Like JSON.stringify, but writes the digits of a bigint. Only for values that parseJson or the YAML library has read.
 * @throws TypeError for a circular reference
 */
export function writeJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // A bigint, or a circular reference, which the second call does not survive.
    if (!(error instanceof TypeError)) throw error;
    JSON.stringify(value, (_name, each: unknown) => (typeof each === 'bigint' ? 0 : each));
    return written(value);
  }
}

function written(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map((each) => written(each ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const present = Object.entries(value).filter(([, each]) => each !== undefined);
  const entries = present.map(([name, each]) => `${JSON.stringify(name)}:${written(each)}`);
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
