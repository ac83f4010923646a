import { comparesWith, UNKNOWN } from './operands.ts';

/* "Every element of a list" of docs/semantics.md: paths with `[*]`. */

/** What such a path finds; a list that is there may have no element with the rest of the path. */
export class Found {
  readonly values: readonly unknown[];

  constructor(values: readonly unknown[]) {
    this.values = values;
  }
}

export const isOfElements = (path: string): boolean => /(?<!\["[^"]*)\[\*\]/.test(path);

/** `nameOf`: of one token of a path. */
export function elements(
  data: unknown,
  tokens: readonly string[],
  nameOf: (token: string) => string,
): Found | undefined {
  const inside = (value: unknown, token: string): unknown[] => {
    const name = nameOf(token);
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return isThere ? [(value as Record<string, unknown>)[name]] : [];
  };
  let found: unknown[] = [data];
  let isList = false;
  for (const token of tokens) {
    if (token !== '[*]') {
      found = found.flatMap((value) => inside(value, token));
      continue;
    }
    if (!isList && !Array.isArray(found[0])) return undefined;
    isList = true;
    found = found.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : []));
  }
  return new Found(found.filter((value) => value !== undefined));
}

/** `comparesWith`; of several values, one that satisfies is enough, and none is like a property that is not there. */
export function comparesAny(
  comparison: Parameters<typeof comparesWith>[0],
  value: unknown,
  side: (operand: object) => unknown,
): boolean | typeof UNKNOWN {
  const values = value instanceof Found ? value.values : [value];
  const answers = (values.length === 0 ? [undefined] : values).map((each) => comparesWith(comparison, each, side));
  if (answers.includes(true)) return true;
  return answers.includes(UNKNOWN) ? UNKNOWN : false;
}
