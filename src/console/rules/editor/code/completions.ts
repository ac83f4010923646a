import { aboutKey, aboutValue, CURSOR, keysOf, schemasAt, valuesOf, type Choice, type Schema } from './schema.ts';
import { findWord, readYaml, type Range } from '../yaml/yaml-text.ts';

/* Completion and help at a place of the text, from the schema. */

export interface Option {
  label: string;
  about: string;
  /** What is written. */
  text: string;
}

export interface Completions extends Range {
  options: Option[];
}

/** What can be written at a position, instead of the word there. Null: nothing is known. */
export function completionsAt(schema: Schema, text: string, position: number): Completions | null {
  const before = /\w[\w-]*$/.exec(text.slice(0, position))?.[0] ?? '';
  const after = /^[\w-]*/.exec(text.slice(position))?.[0] ?? '';
  const [from, to] = [position - before.length, position + after.length];
  const line = text.slice(text.lastIndexOf('\n', from - 1) + 1, from);
  const marked = (mark: string): string => `${text.slice(0, from)}${mark}${text.slice(to)}`;
  // Without its colon, YAML may take a key and the next line for one text.
  const place = placeAt(marked(CURSOR)) ?? placeAt(marked(`${CURSOR}:`));
  if (place === null) return null;
  const { word, rule } = place;
  const isKey = word.role === 'key';
  const schemas = schemasAt(schema, rule, isKey ? word.path.slice(0, -1) : word.path);
  // A value on a line of its own may be the first key of an object.
  const mayBeKey = isKey || /^[\s-]*$/.test(line);
  const keys = mayBeKey ? keysOf(schema, schemas).filter(({ word: key }) => !word.siblings.includes(key)) : [];
  const values = isKey ? [] : valuesOf(schemas);
  const hasColon = /^\s*:/.test(text.slice(to));
  const indent = word.isInFlow ? null : line.replaceAll('-', ' ').length;
  const options = [
    ...values.map(({ word: label, about }) => ({ label, about, text: label })),
    ...keys.map((key) => ({ label: key.word, about: key.about, text: hasColon ? key.word : keyText(key, indent) })),
  ];
  return options.length === 0 ? null : { from, to, options };
}

/** @param indent columns before the key; null in braces, where all is on one line */
function keyText({ word, holds }: Choice, indent: number | null): string {
  if (indent === null || holds === 'value') return `${word}: `;
  const inner = ' '.repeat(indent + 2);
  return `${word}:\n${inner}${holds === 'list' ? '- ' : ''}`;
}

function placeAt(text: string) {
  try {
    const document = readYaml(text);
    const word = findWord(document, ({ value }) => value === CURSOR);
    return word && { word, rule: document.toJS() as unknown };
  } catch {
    // It is nested too deeply, or an alias names nothing.
    return null;
  }
}

export interface Help extends Range {
  word: string;
  about: string;
}

/** What the word at a position means. Null: nothing is known. */
export function helpAt(schema: Schema, text: string, position: number): Help | null {
  const place = wordAround(text, position);
  if (place === null) return null;
  const { word, rule } = place;
  const schemas = schemasAt(schema, rule, word.path);
  const written = String(word.node.value);
  const named = schemas.find(({ const: only, enum: several }) => (several ?? [only]).includes(word.node.value));
  const about = word.role === 'value' && named !== undefined ? aboutValue(named, written) : aboutKey(schemas);
  return about === '' ? null : { from: word.from, to: word.to, word: nameOf(word, written), about };
}

const nameOf = ({ role, path }: { role: string; path: readonly (string | number)[] }, written: string): string =>
  role === 'key' ? written : (path.findLast((part) => typeof part === 'string') ?? written);

function wordAround(text: string, position: number) {
  try {
    const document = readYaml(text);
    const word = findWord(document, ({ range }) => !!range && range[0] <= position && position <= range[1]);
    return word && { word, rule: document.toJS() as unknown };
  } catch {
    return null;
  }
}
