import { z } from 'zod';
import { duration } from '../core/model/rule/condition-schema.ts';
import { id } from '../core/model/rule/rule-schema.ts';

/** The parts of JSON Schema that the rule schema uses. */
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

const PATTERNS = new Map([
  [(z.toJSONSchema(duration) as Schema).pattern, 'duration'],
  [(z.toJSONSchema(id) as Schema).pattern, 'id'],
]);

/**
 * The type of a word for people: `duration`, `list of 1 to 8: string`. `refName`: the name of a schema defined
 * elsewhere.
 */
export function typeText(schema: Schema, refName: string): string {
  const { $ref, anyOf, oneOf, items, prefixItems, properties, additionalProperties, type } = schema;
  if ($ref !== undefined) return $ref.endsWith('Operand') ? 'operand' : refName;
  if (typeof schema.const === 'string') return `\`${schema.const}\``;
  if (oneOf?.every(({ properties: words }) => words?.['calc'] !== undefined) === true) return 'calculation';
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (prefixItems !== undefined) return `list of ${prefixItems.length}: ${typeText(prefixItems[0] ?? {}, refName)}`;
  if (items !== undefined && items !== false) return `list of ${sizeText(schema)}: ${typeText(items, refName)}`;
  if (properties !== undefined)
    return `object: ${Object.keys(properties)
      .map((name) => `\`${name}\``)
      .join(', ')}`;
  if (additionalProperties !== undefined && additionalProperties !== false) return 'object';
  if (anyOf !== undefined) return anyOf.map((branch) => typeText(branch, refName)).join(' or ');
  if (type === undefined) return 'object';
  return PATTERNS.get(schema.pattern) ?? `${scalarText([type].flat())}${lengthText(schema)}`;
}

const SCALARS = 4;
const scalarText = (types: readonly string[]): string => (types.length === SCALARS ? 'scalar' : types.join(' or '));

const lengthText = ({ maxLength }: Schema): string =>
  maxLength === undefined ? '' : `, at most ${maxLength} characters`;

function sizeText({ minItems = 0, maxItems }: Schema): string {
  return maxItems === undefined ? `${minItems} or more` : `${minItems} to ${maxItems}`;
}
