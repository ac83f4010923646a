import type { Path } from '../yaml/yaml-text.ts';

/* vigil's JSON Schema of a rule: which words are possible at a place, and what they mean. */

export interface Schema {
  $ref?: string;
  definitions?: Record<string, Schema>;
  description?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema | Schema[];
  required?: string[];
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
}

/** Stands for the word that is being written. It excludes nothing. */
export const CURSOR = 'x-cursor-x';

/** The schemas that the value at a path may have, as the rest of the rule says: `evaluate` depends on its type. */
export function schemasAt(root: Schema, rule: unknown, path: Path): Schema[] {
  let schemas = fitting(expand(root, root), rule);
  let value = rule;
  for (const step of path) {
    value = stepInto(value, step);
    const inner = schemas.flatMap((schema) => childOf(schema, step)).flatMap((schema) => expand(root, schema));
    schemas = fitting(inner, value);
  }
  return schemas;
}

const stepInto = (value: unknown, step: string | number): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined;

function childOf({ properties, additionalProperties, items }: Schema, step: string | number): Schema[] {
  if (typeof step === 'number') return Array.isArray(items) ? items.slice(step, step + 1) : items ? [items] : [];
  const own = properties !== undefined && Object.hasOwn(properties, step) ? properties[step] : undefined;
  if (own !== undefined) return [own];
  return typeof additionalProperties === 'object' ? [additionalProperties] : [];
}

/** Without references and choices. What is said around a schema is said about it. */
function expand(root: Schema, schema: Schema): Schema[] {
  const { $ref, allOf, anyOf, oneOf, ...own } = schema;
  const referred = $ref === undefined ? [] : [definition(root, $ref)];
  const inner = [...referred, ...(allOf ?? []), ...(anyOf ?? []), ...(oneOf ?? [])];
  if (inner.length === 0) return [schema];
  return inner
    .flatMap((each) => expand(root, each))
    .map((each) => ({ ...each, ...(own.description !== undefined && { description: own.description }) }));
}

const definition = (root: Schema, ref: string): Schema => root.definitions?.[ref.replace('#/definitions/', '')] ?? {};

/** Those that the value does not exclude; of these, those that know all its keys. */
function fitting(schemas: Schema[], value: unknown): Schema[] {
  if (typeof value !== 'object' || value === null) return schemas;
  const possible = schemas.filter((schema) => !excludes(schema, value));
  const keys = Object.keys(value).filter((key) => key !== CURSOR);
  const knowing = possible.filter(({ properties }) => keys.every((key) => Object.hasOwn(properties ?? {}, key)));
  return knowing.length > 0 ? knowing : possible;
}

function excludes({ type, properties = {} }: Schema, value: object): boolean {
  if (type !== undefined && type !== (Array.isArray(value) ? 'array' : 'object')) return true;
  return Object.entries(value as Record<string, unknown>).some(([key, given]) => {
    const known = Object.hasOwn(properties, key) ? constants(properties[key] ?? {}) : [];
    return given !== CURSOR && known.length > 0 && !known.includes(given);
  });
}

const constants = ({ const: only, enum: several }: Schema): unknown[] => several ?? (only === undefined ? [] : [only]);

type Holds = 'object' | 'list' | 'value';

/** A word that is possible, and what it means. */
export interface Choice {
  word: string;
  about: string;
  /** What follows a key. */
  holds?: Holds;
}

/** The keys of a place, in their order. */
export function keysOf(root: Schema, schemas: readonly Schema[]): Choice[] {
  const found = new Map<string, Choice>();
  for (const { properties = {} } of schemas)
    for (const [word, schema] of Object.entries(properties)) {
      const inner = expand(root, schema);
      if (!found.has(word)) found.set(word, { word, about: aboutKey(inner), holds: holdsOf(inner) });
    }
  return [...found.values()];
}

function holdsOf(schemas: readonly Schema[]): Holds {
  if (schemas.every(({ type }) => type === 'object')) return 'object';
  const isList = schemas.every(
    ({ type, items }) => type === 'array' && !Array.isArray(items) && items?.type !== 'string',
  );
  return isList ? 'list' : 'value';
}

/** The values of a place that has only certain ones. */
export function valuesOf(schemas: readonly Schema[]): Choice[] {
  const found = new Map<string, Choice>();
  for (const schema of schemas) {
    const values = schema.type === 'boolean' ? [true, false] : constants(schema);
    for (const value of values) {
      const word = String(value);
      if (!found.has(word)) found.set(word, { word, about: aboutValue(schema, word) });
    }
  }
  return [...found.values()];
}

export const aboutKey = (schemas: readonly Schema[]): string => {
  const [text = ''] = schemas.flatMap(({ description }) => description ?? []);
  const [standard] = schemas.flatMap((schema) => (schema.default === undefined ? [] : [schema.default]));
  return standard === undefined ? text : `${text} (default: ${JSON.stringify(standard).replaceAll('"', '')})`;
};

/** `alert: fire …; resolve: …` describes several values. */
export function aboutValue({ description = '' }: Schema, word: string): string {
  const own = description.split('; ').find((part) => part.startsWith(`${word}: `));
  return own === undefined ? description : own.slice(word.length + 2);
}
