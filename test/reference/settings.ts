import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import { read, satisfies } from './conditions/predicate.ts';
import type { Arrival } from './model.ts';

/* "Settings" of docs/semantics.md: events that only bring values for operands. */

/** The settings of a partition, and those of all partitions, in order of arrival. */
export interface Settings {
  own: Arrival[];
  shared: Arrival[];
}

export const isSettings = (rule: Rule, data: Record<string, unknown>): boolean =>
  rule.settings?.every((predicate) => satisfies(predicate, data)) === true;

/** Whether any comparison reads what settings bring. */
export const readsSettings = ({ evaluate, clear }: Rule): boolean => hasLatest(evaluate) || hasLatest(clear);

const hasLatest = (node: unknown): boolean =>
  typeof node === 'object' &&
  node !== null &&
  (typeof (node as { latest?: unknown }).latest === 'string' || Object.values(node).some(hasLatest));

/** Whether an event names no partition at all, so that it is for all of them. */
export const isForAll = ({ partitionBy = [] }: Rule, data: Record<string, unknown>): boolean =>
  partitionBy.length > 0 && partitionBy.every((property) => read(data, property) === undefined);
