import { z } from 'zod';
import { COMPARISONS, ruleSchema } from '../core/rule-schema.ts';
import { typeText, type Schema } from './type-text.ts';

/** A word of the rule language, as the schema has it. */
export interface Word {
  /** Where it stands and how it is called: `for`, `where/gt`, `evaluate/percent`, `having/latest`. Its example is named so. */
  id: string;
  name: string;
  /** What it takes. */
  type: string;
  required: boolean;
  fallback: string | undefined;
  description: string;
}

/** Words of which each value is a word of its own. */
const CHOICES: ReadonlySet<string> = new Set(['evaluate/type', 'having/calc']);

/** Every word of the schema, each once, in the order of the schema. */
export function wordsOfSchema(): Word[] {
  const root = z.toJSONSchema(ruleSchema, { io: 'input' }) as Schema;
  const words = new Map<string, Word>();
  const seen = new Set<string>();

  const visit = (schema: Schema, place: string): void => {
    const { $ref } = schema;
    if ($ref !== undefined) {
      if (seen.has($ref)) return;
      seen.add($ref);
      visit(root.$defs?.[$ref.replace('#/$defs/', '')] ?? {}, place);
    }
    for (const branch of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) visit(branch, place);
    if (schema.items !== undefined && schema.items !== false) visit(schema.items, place);
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      const id = idOf(place, name);
      const required = schema.required?.includes(name) === true;
      for (const word of wordsAt(id, name, property, required)) {
        const known = words.get(word.id);
        words.set(word.id, known === undefined ? word : { ...known, required: known.required && required });
      }
      visit(property, id);
    }
  };
  visit(root, '');
  return [...words.values()];
}

/** A word stands under the word around it; those of `evaluate` that hold more words are places of their own. */
function idOf(place: string, name: string): string {
  const own = place.replace(/^evaluate\/(?=having|levels|steps)/, '');
  return own === '' ? name : `${own}/${name}`;
}

function wordsAt(id: string, name: string, schema: Schema, required: boolean): Word[] {
  // The comparisons are the same everywhere.
  if ((COMPARISONS as string[]).includes(name) && id !== `where/${name}`) return [];
  const { description = '', default: fallback } = schema;
  if (!CHOICES.has(id)) {
    return [{ id, name, type: typeText(schema), required, fallback: fallback === undefined ? undefined : String(fallback), description }];
  }
  const values = schema.const === undefined ? (schema.enum ?? []) : [schema.const];
  return values.map((value) => ({
    id: id.replace(/[^/]+$/, value),
    name: `${name}: ${value}`,
    type: '',
    required: false,
    fallback: undefined,
    description: schema.const === undefined ? textOf(value, values, description) : description,
  }));
}

/** An enumeration describes its values as `one: text; other: text`. */
function textOf(value: string, values: readonly string[], description: string): string {
  const parts = description.split(new RegExp(`(?:^|; )(${values.join('|')}): `));
  return parts[parts.indexOf(value) + 1] ?? '';
}
