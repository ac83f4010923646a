import { z } from 'zod';
import { duration, id } from '../core/rule-schema.ts';

/** What of JSON Schema the schema of rules uses. */
export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  const?: string;
  enum?: string[];
  default?: unknown;
  description?: string;
  pattern?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | false;
  required?: string[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema | false;
  prefixItems?: Schema[];
  minItems?: number;
  maxItems?: number;
  maxLength?: number;
}

const NAMES: Readonly<Record<string, string>> = { string: 'text', boolean: 'true or false' };
const PATTERNS = new Map([
  [(z.toJSONSchema(duration) as Schema).pattern, 'duration'],
  [(z.toJSONSchema(id) as Schema).pattern, 'id'],
]);

/** What a word takes, for people: `duration`, `list of text, 1 to 8`. */
export function typeText(schema: Schema): string {
  const { type, pattern, items, prefixItems, properties, additionalProperties } = schema;
  if (schema.const !== undefined || schema.enum !== undefined) return (schema.enum ?? [schema.const]).join(', ');
  if (prefixItems !== undefined) return `list of ${prefixItems.length}: ${typeText(prefixItems[0] ?? {})}`;
  if (items !== undefined && items !== false) return `list of ${typeText(items)}${sizeText(schema)}`;
  if (properties !== undefined) return `object: ${Object.keys(properties).join(', ')}`;
  if (additionalProperties !== undefined && additionalProperties !== false) return `object of ${typeText(additionalProperties)}`;
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeText))].join(' or ');
  if (typeof type === 'string' || Array.isArray(type)) return PATTERNS.get(pattern) ?? `${alternatives([type].flat())}${lengthText(schema)}`;
  return 'object';
}

const alternatives = (types: readonly string[]): string => types.map((type) => NAMES[type] ?? type).join(' or ');

const lengthText = ({ maxLength }: Schema): string => (maxLength === undefined ? '' : ` (${maxLength} characters at most)`);

function sizeText({ minItems = 0, maxItems }: Schema): string {
  if (maxItems === undefined) return minItems > 0 ? `, ${minItems} at least` : '';
  return `, ${minItems} to ${maxItems}`;
}
