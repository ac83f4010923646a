import { LIMITS } from '../primitives/limits.ts';
import { getter } from '../primitives/path.ts';
import type { Scalar } from '../primitives/value.ts';
import { isWholeNumber, toStored } from '../primitives/numbers/whole-number.ts';

/** Reads the values of `groupBy` or `partitionBy`; undefined if one is missing or cannot be a key. */
export type KeyReader = (data: Readonly<Record<string, unknown>>) => Scalar[] | undefined;

/** `isKey`: which values may be keys, besides numbers with many digits. */
export function keyReader(
  properties: readonly string[],
  isKey: (value: unknown) => value is Scalar = isKeyValue,
): KeyReader {
  const getters = properties.map(getter);
  return (data) => {
    const values: Scalar[] = [];
    for (const read of getters) {
      const value = read(data);
      if (typeof value === 'bigint') values.push(toStored(value));
      else if (isKey(value)) values.push(value);
      else return undefined;
    }
    return values;
  };
}

export const isStoredKey = (value: unknown): value is Scalar => isWholeNumber(value) || isKeyValue(value);

function isKeyValue(value: unknown): value is Scalar {
  if (typeof value === 'string') return value.length <= LIMITS.keyValueLength;
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}
