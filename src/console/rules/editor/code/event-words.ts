import { fieldText } from '../yaml/scalar-text.ts';
import { findWord, readYaml, type Path } from '../yaml/yaml-text.ts';
import type { EventProperty } from '../../types.ts';
import type { Completions } from './completions.ts';
import { CURSOR } from './schema.ts';

/* Completion of what events have: the names of properties, and their texts. */

/** Words of a rule that list properties. */
const LISTS = ['partitionBy', 'groupBy'];
const OF_TEXTS = ['equals', 'notEquals', 'in', 'notIn'];

/** The property names, or the texts of a property, that can be written at a position. Null: it is no place for them. */
export function eventWordsAt(text: string, position: number, properties: readonly EventProperty[]): Completions | null {
  const before = /[\w.°%-]*$/u.exec(text.slice(0, position))?.[0] ?? '';
  const after = /^[\w.°%-]*/u.exec(text.slice(position))?.[0] ?? '';
  const [from, to] = [position - before.length, position + after.length];
  const place = placeIn(`${text.slice(0, from)}${CURSOR}${text.slice(to)}`);
  const isQuoted = /["']/.test(text.charAt(from - 1));
  const found = place === null ? [] : optionsAt(place, properties);
  // In quotes, a text that needs none.
  const options = isQuoted
    ? found.filter(({ label }) => !/["'\\]/.test(label)).map((each) => ({ ...each, text: each.label }))
    : found;
  return options.length === 0 ? null : { from, to, options };
}

interface Place {
  path: Path;
  /** The rule. */
  rule: unknown;
}

function placeIn(text: string): Place | null {
  try {
    const document = readYaml(text);
    const word = findWord(document, ({ value }) => value === CURSOR);
    return word?.role === 'value' ? { path: word.path, rule: document.toJS() as unknown } : null;
  } catch {
    return null;
  }
}

function optionsAt({ path, rule }: Place, properties: readonly EventProperty[]): Completions['options'] {
  const names = path.filter((part) => typeof part === 'string');
  const word = names.at(-1) ?? '';
  const isName = word === 'property' || (LISTS.includes(word) && typeof path.at(-1) === 'number');
  if (isName)
    return properties.map(({ path: label, events }) => ({
      ...{ label, text: written(label) },
      about: `${events} of the newest events have it`,
    }));
  if (!OF_TEXTS.includes(word)) return [];
  const beside = path.slice(0, path.lastIndexOf(word)).reduce<unknown>(below, rule);
  const named = below(beside, 'property');
  const values = properties.find((each) => each.path === named)?.values ?? [];
  return values.map((label) => ({ label, text: written(label), about: `a text of ${String(named)}` }));
}

const below = (value: unknown, step: string | number): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined;

/** In quotes if YAML would not read it as this text, or not in braces. */
const written = (text: string): string => (/^[\w.°% /-]+$/u.test(text) ? fieldText(text) : JSON.stringify(text));
