import { Elements } from './elements.ts';

/** Names that lead outside an object's own data; not allowed in a path. */
const FORBIDDEN = new Set(['__proto__', 'prototype', 'constructor']);

/** `[0]`, `[*]`, or `["http.status_code"]` with `\"` and `\\` inside; it ends a name. */
const BRACKETS = /^\[(?:(\d{1,9})|(\*)|"((?:[^"\\]|\\["\\])*)")\](?=[.[]|$)/;

/** The beginning of brackets; any other `[` is part of a name, such as `temp [°C]`. */
const OPENING = /^\[(?:"|\*)/;

/**
 * A property path: names joined by dots, such as `data.motor.temp`. In brackets: the place of an element in a list, from
 * 0 (`readings[0].value`), every element (`tags[*].name`), or a name with any characters in quotes
 * (`attributes["http.status_code"]`).
 */
export const isPath = (path: string): boolean => pathProblem(path) === undefined;

/** Why a text is not a path; undefined if it is one. */
export function pathProblem(path: string): string | undefined {
  const { names, unread } = parsePath(path);
  if (unread !== undefined)
    return `${unread} must be an index such as [0], [*] for every element, or a name in quotes such as ["http.status_code"]`;
  if (names.includes('')) return 'a name is empty';
  if (names[0] === EVERY) return 'an event is no list, so a name must stand before [*]';
  const forbidden = names.filter(isName).find((name) => FORBIDDEN.has(name));
  return forbidden === undefined ? undefined : `${forbidden} leads to a prototype`;
}

/** `[*]`. */
const EVERY = null;
type Name = string | typeof EVERY;
const isName = (name: Name): name is string => name !== EVERY;

/** Whether a path stands for every element of a list, so that it may have several values. */
export const hasEvery = (path: string): boolean => path.includes('[*]') && parsePath(path).names.includes(EVERY);

/** `unread`: brackets that cannot be read. */
function parsePath(path: string): { names: Name[]; unread?: string } {
  const names: Name[] = [''];
  for (let rest = path; rest !== '';) {
    const [brackets, index, every, quoted = ''] = BRACKETS.exec(rest) ?? [];
    if (brackets !== undefined) {
      if (rest === path) names.pop();
      if (every !== undefined) names.push(EVERY);
      else names.push(index === undefined ? quoted.replaceAll(/\\(.)/g, '$1') : String(Number(index)));
    } else if (OPENING.test(rest)) return { names, unread: rest };
    else if (rest.startsWith('.')) names.push('');
    else names.push(`${names.pop() ?? ''}${rest.charAt(0)}`);
    rest = rest.slice(brackets?.length ?? 1);
  }
  return { names };
}

export type Getter = (data: Readonly<Record<string, unknown>>) => unknown;

/**
 * Reads a path from an object's own properties; undefined if it does not exist. With `[*]`: `Elements`.
 * Also finds a property whose name contains the dots (`{"data.temp": 1}`), because some senders flatten objects.
 */
export function getter(path: string): Getter {
  const names = path.split('.');
  if (!path.includes('[')) return plainGetter(path, names);
  const [plain, { names: inBrackets }] = [plainGetter(path, names), parsePath(path)];
  const read = inBrackets.every(isName) ? (data: unknown) => walk(data, inBrackets) : elementsGetter(inBrackets);
  return (data) => {
    // Brackets may also be part of a name: rules from before there were brackets rely on it.
    const value = plain(data);
    return value === undefined ? read(data) : value;
  };
}

function elementsGetter(names: readonly Name[]): (data: unknown) => Elements | undefined {
  const first = names.indexOf(EVERY);
  const [toList, inElement] = [names.slice(0, first).filter(isName), names.slice(first)];
  return (data) => {
    const list = walk(data, toList);
    if (!Array.isArray(list)) return undefined;
    const found: unknown[] = [];
    collect(list, inElement, 0, found);
    return new Elements(found);
  };
}

/** The values below every element; of a deeper `[*]`, too. */
function collect(from: unknown, names: readonly Name[], start: number, found: unknown[]): void {
  let value = from;
  for (let place = start; place < names.length; place++) {
    const name = names[place] as Name;
    if (!isName(name)) {
      if (Array.isArray(value)) for (const element of value) collect(element, names, place + 1, found);
      return;
    }
    value = below(value, name);
  }
  if (value !== undefined) found.push(value);
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

const below = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
