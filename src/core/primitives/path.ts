/** Names that lead out of an object's own data; no path may hold one. */
const FORBIDDEN = new Set(['__proto__', 'prototype', 'constructor']);

/** A property path is names joined by dots: `data.motor.temp`. */
export function isPath(path: string): boolean {
  return path.length > 0 && path.split('.').every((name) => name.length > 0 && !FORBIDDEN.has(name));
}

export type Getter = (data: Readonly<Record<string, unknown>>) => unknown;

/**
 * Reads a path from an object's own properties; undefined where it leads nowhere.
 * A property whose name itself holds the dots (`{"data.temp": 1}`) is found too, since senders do flatten.
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
