import { ANY_VALUE, readerOf, withoutCase } from '../compilation/conditions/predicate.ts';
import { isOperand } from '../model/rule/operand-words.ts';
import type { PredicateLeaf } from '../model/rule/condition-schema.ts';
import { foldCase } from '../primitives/text/fold-case.ts';
import { hasEvery, type Getter } from '../primitives/path.ts';
import { inMemory } from '../primitives/numbers/whole-number.ts';

/** Values of which a property must have one; else the predicate certainly does not hold. */
export interface Requirement {
  property: string;
  /** The same for requirements that read the same value. */
  name: string;
  read: Getter;
  values: readonly unknown[];
}

/** What an entry of `where` requires; empty if it requires no particular value. */
export function requirementOf(node: PredicateLeaf): Requirement[] {
  const { property, as, ignoreCase } = node;
  // Of several values: the index looks up one.
  if (hasEvery(property)) return [];
  const read = readerOf(node);
  const name = JSON.stringify([property, as ?? null, ignoreCase ?? false]);
  if (ignoreCase !== true) return withValues(node, { property, name, read });
  return withValues(withoutCase(node), { property, name, read: (data) => foldCase(read(data)) });
}

function withValues({ in: list, equals }: PredicateLeaf, what: Omit<Requirement, 'values'>): Requirement[] {
  if (list !== undefined) return [{ ...what, values: list.map(inMemory) }];
  return equals === undefined || equals === ANY_VALUE || isOperand(equals)
    ? []
    : [{ ...what, values: [inMemory(equals)] }];
}
