import type { RuleStatus } from '../../server/wire.ts';
import type { PartitionSet, StoredRule } from '../types.ts';

/** The status of a rule as the list of rules has it. `sets` null: unknown. */
export function statusOf({ rule, paused }: StoredRule, sets: readonly PartitionSet[] | null): RuleStatus {
  if (rule.enabled === false) return 'disabled';
  if (paused !== null) return 'paused';
  if (sets === null) return 'unknown';
  const statuses = sets.map(({ status }) => status);
  return statuses.includes('firing') ? 'firing' : statuses.includes('pending') ? 'pending' : 'inactive';
}

/** What distinguishes a partition set from the others of its rule: the end of its workflow id, `site=berlin`. */
export function setName(workflowId: string): string {
  const end = workflowId.slice(workflowId.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(end);
  } catch {
    return end;
  }
}

/** The properties of a group or a partition with their values. */
export const keyText = (key: Readonly<Record<string, unknown>>): string =>
  Object.entries(key)
    .map(([property, value]) => `${property}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
