import type { Scalar } from './alert.ts';
import { fnv1a } from './fnv.ts';
import { LIMITS } from './limits.ts';
import type { Predicate, Rule } from './rule-schema.ts';

/** Client ids and rule ids: they are part of subjects, bucket keys and workflow ids, so they hold nothing that any of these reads. */
export const ID_PATTERN = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** The workflow ids of a rule's sets. */
export interface SetIds {
  /** What all of them have in common: a rule with another route takes other events, or groups them otherwise. */
  route: string;
  of(group: readonly Scalar[]): string;
  /** Whether a set with this id can be one of this rule's. */
  owns(setId: string): boolean;
}

/** Whose set it is. */
export const clientOfSet = (setId: string): string => setId.slice(0, setId.indexOf('/'));

/** Whose set, or shard, it is; empty where the id is none of ours. */
export function ownerOfSet(workflowId: unknown): { clientId?: string; ruleId?: string } {
  const [clientId, kind, ruleId] = typeof workflowId === 'string' ? workflowId.split('/', 3) : [];
  return clientId !== undefined && kind === 'rules' && ruleId !== undefined ? { clientId, ruleId } : {};
}

/** What all sets of its rule have in common: `client-01/rules/all-machines-stopped`. */
export const ruleOfSet = (setId: string): string => setId.split('/', 3).join('/');

/**
 * The id of a partition set: `client-01/rules/all-machines-stopped/type=status&machineId=*`, and with `groupBy: [site]` a
 * further `/site=berlin`. The `where` is part of it, so a rule that takes other events begins anew.
 */
export function setIds(rule: Pick<Rule, 'clientId' | 'id' | 'where' | 'groupBy'>): SetIds {
  const prefix = `${rule.clientId}/rules/${rule.id}/${shorten(rule.where.map(predicateBits).join('&'))}`;
  const { groupBy } = rule;
  if (groupBy === undefined) return { route: prefix, of: () => prefix, owns: (setId) => setId === prefix };
  const names = groupBy.map(encode);
  return {
    route: `${prefix}/${names.join(',')}`,
    of: (group) => `${prefix}/${shorten(names.map((name, index) => `${name}=${scalarBits(group[index] ?? null)}`).join(','))}`,
    owns(setId) {
      if (!setId.startsWith(`${prefix}/`)) return false;
      const groupBits = setId.slice(prefix.length + 1);
      if (groupBits.length > LIMITS.idBitsLength) return groupBits.startsWith(`${names[0]}=`.slice(0, LIMITS.idBitsLength));
      const parts = groupBits.split(',');
      return parts.length === names.length && parts.every((part, index) => part.startsWith(`${names[index]}=`));
    },
  };
}

function predicateBits(node: Predicate): string {
  if ('all' in node) return `(${node.all.map(predicateBits).join('&')})`;
  if ('any' in node) return `(${node.any.map(predicateBits).join('|')})`;
  if ('not' in node) return `!${predicateBits(node.not)}`;
  const { property, ...comparison } = node;
  return Object.entries(comparison)
    .map(([word, operand]) => (word === 'equals' ? `${encode(property)}=${scalarBits(operand as Scalar)}` : `${encode(property)}.${word}=${encode(JSON.stringify(operand))}`))
    .join('&');
}

/** Text stays readable; a text that could be taken for a number, boolean or null is quoted, so that 1 and "1" differ. */
export function scalarBits(value: Scalar): string {
  const plain = typeof value === 'string' && !/^(?:-?\d|true$|false$|null$|")/.test(value);
  return encode(plain ? value : JSON.stringify(value));
}

/** Half a surrogate pair has no URI encoding; JSON writes it as an escape. */
const encode = (text: string): string => encodeURIComponent(/\p{Surrogate}/u.test(text) ? JSON.stringify(text) : text);

/** A group or partition in the id and the subject of an alert: `site=berlin,line=3`. */
export const recordBits = (record: Record<string, Scalar>): string =>
  shorten(
    Object.entries(record)
      .map(([property, value]) => `${UNPRINTABLE.test(property) ? encode(property) : property}=${scalarBits(value)}`)
      .join(','),
  );

/** The id of an alert is a header, which is one line. */
const UNPRINTABLE = /[\p{Cc}\p{Surrogate}]/u;

function shorten(bits: string): string {
  return bits.length <= LIMITS.idBitsLength ? bits : `${bits.slice(0, LIMITS.idBitsLength)}~${hashText(bits)}`;
}

/** Two hashes, over the text and over its reverse: tells long ids of one rule apart. */
export const hashText = (text: string): string => fnv1a(text).toString(36) + fnv1a(text, true).toString(36);
