/** Names that lead outside an object's own data; not allowed in a path. */
const FORBIDDEN = new Set(['__proto__', 'prototype', 'constructor']);

/** `[0]`, or `["http.status_code"]` with `\"` and `\\` inside; it ends a name. */
const BRACKETS = /^\[(?:(\d{1,9})|"((?:[^"\\]|\\["\\])*)")\](?=[.[]|$)/;

/** The beginning of brackets; any other `[` is part of a name, such as `temp [°C]`. */
const OPENING = /^\[(?:"|\*)/;

/**
 * A property path: names joined by dots, such as `data.motor.temp`. In brackets: the place of an element in a list, from
 * 0 (`readings[0].value`), or a name with any characters in quotes (`attributes["http.status_code"]`).
 */
export const isPath = (path: string): boolean => pathProblem(path) === undefined;

/** Why a text is not a path; undefined if it is one. */
export function pathProblem(path: string): string | undefined {
  const { names, unread } = parsePath(path);
  if (unread !== undefined)
    return `${unread} must be an index such as [0], or a name in quotes such as ["http.status_code"]`;
  if (names.includes('')) return 'a name is empty';
  const forbidden = names.find((name) => FORBIDDEN.has(name));
  return forbidden === undefined ? undefined : `${forbidden} leads to a prototype`;
}

/** `unread`: brackets that cannot be read. */
function parsePath(path: string): { names: string[]; unread?: string } {
  const names = [''];
  for (let rest = path; rest !== '';) {
    const [brackets, index, quoted = ''] = BRACKETS.exec(rest) ?? [];
    if (brackets !== undefined) {
      if (rest === path) names.pop();
      names.push(index === undefined ? quoted.replaceAll(/\\(.)/g, '$1') : String(Number(index)));
    } else if (OPENING.test(rest)) return { names, unread: rest };
    else if (rest.startsWith('.')) names.push('');
    else names.push(`${names.pop() ?? ''}${rest.charAt(0)}`);
    rest = rest.slice(brackets?.length ?? 1);
  }
  return { names };
}

export type Getter = (data: Readonly<Record<string, unknown>>) => unknown;

/**
 * Reads a path from an object's own properties; undefined if it does not exist.
 * Also finds a property whose name contains the dots (`{"data.temp": 1}`), because some senders flatten objects.
 */
export function getter(path: string): Getter {
  const names = path.split('.');
  if (!path.includes('[')) return plainGetter(path, names);
  const [plain, { names: inBrackets }] = [plainGetter(path, names), parsePath(path)];
  return (data) => {
    // Brackets may also be part of a name: rules from before there were brackets rely on it.
    const value = plain(data);
    return value === undefined ? walk(data, inBrackets) : value;
  };
}

function plainGetter(path: string, names: readonly string[]): Getter {
  if (names.length === 1) return (data) => (Object.hasOwn(data, path) ? data[path] : undefined);
  return (data) => (Object.hasOwn(data, path) ? data[path] : walk(data, names));
}

function walk(data: unknown, names: readonly string[]): unknown {
  let value = data;
  for (const name of names) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
