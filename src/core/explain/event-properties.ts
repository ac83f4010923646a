import type { VigilEvent } from '../model/event/event.ts';

/** What is listed at most. */
export const PROPERTY_LIMITS = {
  properties: 200,
  pathLength: 100,
  /** Names of a path. */
  depth: 5,
  /** Texts of one property. */
  values: 10,
  valueLength: 60,
} as const;

export interface EventProperty {
  /** As in a rule. */
  path: string;
  /** Events that have it. */
  events: number;
  /** Some of its texts, in order. */
  values: string[];
}

/** The properties that these events have, outside of lists: first those that most events have. */
export function propertiesOf(events: readonly VigilEvent[]): EventProperty[] {
  const found = new Map<string, { events: number; values: Set<string> }>();
  function note(path: string, value: unknown): void {
    if (path.length > PROPERTY_LIMITS.pathLength) return;
    const property = found.get(path) ?? { events: 0, values: new Set<string>() };
    if (property.events === 0 && found.size >= PROPERTY_LIMITS.properties) return;
    property.events += 1;
    const isText = typeof value === 'string' && value !== '' && value.length <= PROPERTY_LIMITS.valueLength;
    if (isText && property.values.size < PROPERTY_LIMITS.values) property.values.add(value);
    found.set(path, property);
  }
  function walk(data: object, before: string, depth: number): void {
    for (const [name, value] of Object.entries(data)) {
      const path = below(before, name);
      if (Array.isArray(value)) continue;
      if (typeof value !== 'object' || value === null) note(path, value);
      else if (depth < PROPERTY_LIMITS.depth) walk(value as object, path, depth + 1);
    }
  }
  // The newest first: what they have is what a rule will meet.
  for (const { data } of events.toReversed()) walk(data, '', 1);
  const listed = [...found].map(([path, { events: count, values }]) => ({
    ...{ path, events: count, values: [...values].sort() },
  }));
  return listed.sort((a, b) => b.events - a.events || (a.path < b.path ? -1 : 1));
}

const PLAIN = /^[^.[\]"\\]+$/;

/** A path as src/core/primitives/path.ts reads it. */
function below(path: string, name: string): string {
  if (PLAIN.test(name)) return path === '' ? name : `${path}.${name}`;
  return `${path}["${name.replaceAll(/["\\]/g, '\\$&')}"]`;
}
