import { LIMITS } from '../../primitives/limits.ts';
import type { Scalar } from '../../primitives/value.ts';
import { writeForOthers } from '../../primitives/text/write-json.ts';
import type { Predicate } from '../rule/condition-schema.ts';
import { isOperand } from '../rule/operand-words.ts';
import { shorten, encode, scalarBits } from '../id-text.ts';
import type { Rule } from '../rule/rule-schema.ts';

/** The workflow ids of a rule's partition sets. */
export interface PartitionSetIds {
  /** The same for all of them. A rule with another route matches other events, or groups them differently. */
  route: string;
  of(group: readonly Scalar[]): string;
  /** Whether this id can be one of this rule's partition sets. */
  owns(setId: string): boolean;
}

/**
 * The id of a partition set: `client-01/rules/all-machines-stopped/type=status&machineId=*`, plus `/site=berlin` with
 * `groupBy: [site]`. It includes `where`, so a rule that matches other events starts with empty state.
 */
export function partitionSetIds(rule: Pick<Rule, 'clientId' | 'id' | 'where' | 'groupBy'>): PartitionSetIds {
  const prefix = `${rule.clientId}/rules/${rule.id}/${shorten(rule.where.map(predicateBits).join('&'))}`;
  const { groupBy } = rule;
  if (groupBy === undefined) return { route: prefix, of: () => prefix, owns: (setId) => setId === prefix };
  const names = groupBy.map(encode);
  return {
    route: `${prefix}/${names.join(',')}`,
    of: (group) =>
      `${prefix}/${shorten(names.map((name, index) => `${name}=${scalarBits(group[index] ?? null)}`).join(','))}`,
    owns(setId) {
      if (!setId.startsWith(`${prefix}/`)) return false;
      const groupBits = setId.slice(prefix.length + 1);
      if (groupBits.length > LIMITS.idBitsLength)
        return groupBits.startsWith(`${names[0]}=`.slice(0, LIMITS.idBitsLength));
      const parts = groupBits.split(',');
      return parts.length === names.length && parts.every((part, index) => part.startsWith(`${names[index]}=`));
    },
  };
}

export function predicateBits(node: Predicate): string {
  if ('all' in node) return `(${node.all.map(predicateBits).join('&')})`;
  if ('any' in node) return `(${node.any.map(predicateBits).join('|')})`;
  if ('not' in node) return `!${predicateBits(node.not)}`;
  const { property, ...comparison } = node;
  return Object.entries(comparison)
    .map(([word, operand]) =>
      word === 'equals' && !isOperand(operand)
        ? `${encode(property)}=${scalarBits(operand as Scalar)}`
        : `${encode(property)}.${word}=${encode(writeForOthers(operand))}`,
    )
    .join('&');
}
