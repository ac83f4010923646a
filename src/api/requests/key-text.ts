import { parseJson } from '../../core/primitives/text/parse-json.ts';
import type { Scalar } from '../../core/primitives/value.ts';
import { toStored } from '../../core/primitives/numbers/whole-number.ts';
import { RequestError } from '../errors.ts';

/**
 * The keys that a text may stand for: values separated by commas, in the order of the properties, or a JSON object with
 * the properties. `3` may be a text or a number.
 * @throws RequestError REQUEST_INVALID if it does not have a value for each property
 */
export function possibleKeys(properties: readonly string[], text: string | undefined, name: string): Scalar[][] {
  if (text === undefined) return properties.length === 0 ? [[]] : [];
  const values = text.startsWith('{') ? fromObject(properties, text) : fromList(properties, text);
  if (values === undefined) {
    const list = properties.join(', ');
    const advice =
      properties.length === 0
        ? `Omit ${name}: the rule has no ${name === 'group' ? 'groupBy' : 'partitionBy'}.`
        : `${name} needs a value for each of ${list}, separated by commas, or a JSON object with them.`;
    throw new RequestError('REQUEST_INVALID', advice, { [name]: text });
  }
  return values.reduce<Scalar[][]>(
    (keys, choices) => keys.flatMap((key) => choices.map((each) => [...key, each])),
    [[]],
  );
}

function fromList(properties: readonly string[], text: string): Scalar[][] | undefined {
  // A single value may contain commas.
  const values = properties.length === 1 ? [text] : text.split(',');
  return values.length === properties.length ? values.map(choicesOf) : undefined;
}

function fromObject(properties: readonly string[], text: string): Scalar[][] | undefined {
  const given = parsed(text);
  if (typeof given !== 'object' || given === null) return undefined;
  const values = properties.map((property) => scalarOf((given as Record<string, unknown>)[property]));
  return values.every((value) => value !== undefined) ? values.map((value) => [value]) : undefined;
}

function choicesOf(text: string): Scalar[] {
  const value = scalarOf(parsed(text));
  return value === undefined || typeof value === 'string' ? [text] : [text, value];
}

function scalarOf(value: unknown): Scalar | undefined {
  if (typeof value === 'bigint') return toStored(value);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
