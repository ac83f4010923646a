import { comparisonOf } from '../model/rule/comparison-words.ts';
import type { Calculation, Comparison, Condition, Predicate } from '../model/rule/condition-schema.ts';
import { writeForOthers } from '../primitives/text/write-json.ts';

/** `latest(temp) gt 80`, `(… and …)`. */
export function conditionText(node: Condition): string {
  if ('all' in node) return `(${node.all.map(conditionText).join(' and ')})`;
  if ('any' in node) return `(${node.any.map(conditionText).join(' or ')})`;
  if ('not' in node) return `not ${conditionText(node.not)}`;
  const leaf = node as Calculation & Extra;
  const { calc, property, as, p, within, for: lasting, where, among, last, whenFull, minSamples, hold } = leaf;
  const value = as === undefined ? property : `${property} as ${as}`;
  const newest = last === undefined ? undefined : `last ${last}`;
  const held = hold === true ? 'hold' : undefined;
  const of = [value, p, within, newest, ...chosen('where', where), ...chosen('among', among), held]
    .filter((part) => part !== undefined)
    .join(', ');
  const parts = [`${calc}(${of})`, comparisonText(comparisonOf(node))];
  if (minSamples !== undefined) parts.push(`with at least ${minSamples} samples`);
  if (whenFull === true) parts.push('when full');
  if (lasting !== undefined) parts.push(`for ${lasting}`);
  return parts.filter((part) => part !== '').join(' ');
}

/** `celsius as number gt 80`, `(… and …)`. */
export function predicateText(node: Predicate): string {
  if ('all' in node) return `(${node.all.map(predicateText).join(' and ')})`;
  if ('any' in node) return `(${node.any.map(predicateText).join(' or ')})`;
  if ('not' in node) return `not ${predicateText(node.not)}`;
  const { property, as } = node;
  return `${as === undefined ? property : `${property} as ${as}`} ${comparisonText(comparisonOf(node))}`;
}

/** Words that only some calculations have. */
interface Extra {
  property?: string;
  as?: 'number' | undefined;
  p?: number;
  within?: string | undefined;
  last?: number;
  whenFull?: boolean;
  among?: Predicate[];
  minSamples?: number;
  hold?: boolean;
}

const chosen = (word: string, predicates: readonly Predicate[] | undefined): string[] =>
  predicates === undefined ? [] : [`${word} ${writeForOthers(predicates)}`];

/** `gt 80 and lt 90`. */
export const comparisonText = ({ ignoreCase, ...comparison }: Comparison): string =>
  Object.entries(comparison)
    .map(([word, operand]) => `${word} ${writeForOthers(operand)}`)
    .join(' and ') + (ignoreCase === true ? ' ignoring case' : '');
