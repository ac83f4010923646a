/** Names that lead outside an object's own data; not allowed in a path. */
const FORBIDDEN = new Set(['__proto__', 'prototype', 'constructor']);

/** A property path: names joined by dots, such as `data.motor.temp`. */
export function isPath(path: string): boolean {
  return path.length > 0 && path.split('.').every((name) => name.length > 0 && !FORBIDDEN.has(name));
}

export type Getter = (data: Readonly<Record<string, unknown>>) => unknown;

/**
 * Reads a path from an object's own properties; undefined if it does not exist.
 * Also finds a property whose name contains the dots (`{"data.temp": 1}`), because some senders flatten objects.
 */
export function getter(path: string): Getter {
  const names = path.split('.');
  if (names.length === 1) return (data) => (Object.hasOwn(data, path) ? data[path] : undefined);
  return (data) => {
    if (Object.hasOwn(data, path)) return data[path];
    let value: unknown = data;
    for (const name of names) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
      value = (value as Record<string, unknown>)[name];
    }
    return value;
  };
}
