import { z } from 'zod';
import { comparison } from '../core/model/rule/condition-schema.ts';
import { ruleSchema } from '../core/model/rule/rule-schema.ts';
import { typeText, type Schema } from './type-text.ts';

/** A word of the rule language: a field of the schema, or one of the values in CHOICES. */
export interface Word {
  /** Its path in the schema: `for`, `where/gt`, `evaluate/percent`, `having/latest`. */
  id: string;
  /** As written in a rule: `for`, `type: percent`. */
  name: string;
  /** Its type; empty for a value. */
  type: string;
  required: boolean;
  fallback: string | undefined;
  description: string;
}

/** Fields whose values are words themselves. */
const CHOICES: ReadonlySet<string> = new Set(['evaluate/type', 'having/calc']);

/** The comparisons, and what changes them. */
const COMPARING: readonly string[] = Object.keys(comparison.shape);

/** Its calculations are those of `having`. */
const CALCULATED = 'evaluate/of';

/** Every word of the schema once, in schema order. */
export function wordsOfSchema(): Word[] {
  const root = z.toJSONSchema(ruleSchema, { io: 'input' }) as Schema;
  const words = new Map<string, Word>();
  const seen = new Set<string>();

  const visit = (schema: Schema, place: string): void => {
    const forms = formsOf(schema, root, seen);
    for (const form of forms) {
      for (const [name, property] of Object.entries(form.properties ?? {})) {
        const id = idOf(place, name);
        if (id.startsWith(`${OPERAND}/`) && form.properties?.['calc'] !== undefined && name !== 'calc') continue;
        // A field without a description uses that of the object around it.
        const described = { ...property, description: property.description ?? form.description ?? '' };
        const required = forms.every((each) => each.required?.includes(name) === true);
        for (const word of wordsAt(id, name, described, required)) words.set(word.id, joined(words.get(word.id), word));
        if (id !== CALCULATED) visit(property, id);
      }
    }
  };
  visit(root, '');
  return [...words.values()];
}

/** The object schemas inside a schema, through lists, unions and references; a reference is followed only once. */
function formsOf(schema: Schema, root: Schema, seen: Set<string>): Schema[] {
  const { $ref, anyOf = [], oneOf = [], items, properties } = schema;
  const inside = [...anyOf, ...oneOf, ...(items === undefined || items === false ? [] : [items])];
  if ($ref !== undefined && !seen.has($ref)) {
    seen.add($ref);
    inside.push(root.$defs?.[$ref.replace('#/$defs/', '')] ?? {});
  }
  return [...(properties === undefined ? [] : [schema]), ...inside.flatMap((each) => formsOf(each, root, seen))];
}

/** Joins the descriptions of a word that occurs in several forms. */
function joined(known: Word | undefined, word: Word): Word {
  if (known === undefined || known.description === word.description) return word;
  // Other words have the same type in all forms, or the first shows it.
  const type = word.id === CALCULATED ? `${known.type} or ${word.type}` : known.type;
  return { ...word, type, description: `${known.description}; ${word.description}` };
}

/**
 * Objects inside `evaluate` are top-level paths of their own: `having`, not `evaluate/having`. So are operands, which
 * are the same in every comparison.
 */
function idOf(place: string, name: string): string {
  const own = COMPARING.includes(place.split('/').at(-1) ?? '') ? OPERAND : place.replace('evaluate/', '');
  return own === '' ? name : `${own}/${name}`;
}

const OPERAND = 'operand';

/** An operand that is a calculation has the words of the calculation. */
const CALCULATED_OPERAND: Omit<Word, 'required'> = {
  id: `${OPERAND}/calc`,
  name: 'calc',
  type: 'calculation',
  fallback: undefined,
  description:
    'compare with another calculation of the partition, with the words that it has in having (property, within, where…)',
};

function wordsAt(id: string, name: string, schema: Schema, required: boolean): Word[] {
  if (id === CALCULATED_OPERAND.id) return [{ ...CALCULATED_OPERAND, required }];
  // The comparisons are the same everywhere; `where` lists them.
  if (COMPARING.includes(name) && id !== `where/${name}`) return [];
  if (CHOICES.has(id)) return valuesAt(id, name, schema);
  const { description = '', default: fallback } = schema;
  const type = typeText(schema, /(^|\/)(where|forgetOn)/.test(id) ? 'predicate' : 'condition');
  return [
    {
      id,
      name,
      type,
      required,
      fallback: fallback === undefined ? undefined : [fallback].flat().map(String).join(', '),
      description,
    },
  ];
}

function valuesAt(id: string, name: string, { const: only, enum: values = [], description = '' }: Schema): Word[] {
  const shown = { type: '', required: false, fallback: undefined };
  const place = id.slice(0, -name.length);
  if (only !== undefined) return [{ ...shown, id: `${place}${only}`, name: `${name}: ${only}`, description }];
  return values.map((value) => ({
    ...shown,
    id: `${place}${value}`,
    name: `${name}: ${value}`,
    description: textOf(value, values, description),
  }));
}

/** The description of a list of values has the form `one: text; other: text`. */
function textOf(value: string, values: readonly string[], description: string): string {
  const parts = description.split(new RegExp(`(?:^|; )(${values.join('|')}): `));
  return parts[parts.indexOf(value) + 1] ?? '';
}
