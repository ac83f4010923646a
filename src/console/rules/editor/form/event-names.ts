import type { EventProperty } from '../../types.ts';
import { fieldText } from '../yaml/scalar-text.ts';

/* What the form offers of what the newest events have. */

/** For a list of names that is separated by commas: those that are not there yet, after the others. */
export function namesAfter(list: string, properties: readonly EventProperty[]): string[] {
  const given = list.split(',').map((name) => name.trim());
  const others = given.slice(0, -1);
  return properties.filter(({ path }) => !others.includes(path)).map(({ path }) => [...others, path].join(', '));
}

export const textsOf = (property: string | undefined, properties: readonly EventProperty[]): string[] =>
  (properties.find(({ path }) => path === property)?.values ?? []).map(fieldText);
