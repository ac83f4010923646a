import { isWholeNumber, wholeFrom } from '../../primitives/numbers/whole-number.ts';

type Container = Record<string | number, unknown>;

/** A whole number that a double cannot keep, in the form in which it was found, and its path. */
interface Found {
  path: readonly (string | number)[];
  value: unknown;
}

/**
 * A copy with doubles in place of whole numbers that a double cannot keep, for a schema, which knows only doubles.
 * `found` goes back into what the schema has accepted, with `putBack`.
 */
export function withDoubles(value: unknown): { value: unknown; found: Found[] } {
  const found: Found[] = [];
  return { value: copy(value, [], found), found };
}

function copy(value: unknown, path: Found['path'], found: Found[]): unknown {
  const digits = digitsOf(value);
  if (digits !== undefined) {
    found.push({ path, value });
    return Number(digits);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each, index) => copy(each, [...path, index], found));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copy(each, [...path, name], found)]));
}

/** Of a bigint, and of its form in JSON. */
function digitsOf(value: unknown): string | undefined {
  if (typeof value === 'bigint') return String(value);
  const isStored = isWholeNumber(value) && Object.keys(value).length === 1;
  return isStored && typeof wholeFrom(value.int) === 'bigint' && String(wholeFrom(value.int)) === value.int
    ? value.int
    : undefined;
}

/** Puts each number back where it was. `form`: the form that it gets. */
export function putBack(target: unknown, found: readonly Found[], form: (value: unknown) => unknown): void {
  for (const { path, value } of found) {
    const place = path.slice(0, -1).reduce<unknown>((node, name) => (node as Container | undefined)?.[name], target);
    const name = path.at(-1);
    if (name !== undefined && Object.hasOwn(place as Container, name)) (place as Container)[name] = form(value);
  }
}
