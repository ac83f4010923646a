import * as wf from '@temporalio/workflow';
import type { Rule } from '../src/core/rule-schema.ts';
import { countRefused } from './counting.ts';

/** What messages say of whom they are for; those of versions before 0.1 do not say it. */
interface Addressed {
  setId?: unknown;
  rule?: unknown;
}

/**
 * Whether a signal is for this partition set, as far as it says so. One that is for another is refused, counted and logged: it must
 * not change this one's state, whatever brought it here.
 */
export function isOwnMessage(rule: Rule, name: string, message: unknown): boolean {
  const { setId, rule: carried } = (message ?? {}) as Addressed;
  const isOwn = (setId === undefined || setId === wf.workflowInfo().workflowId) && isOwnRule(rule, carried);
  if (!isOwn) countRefused(rule, `signal ${name} for ${String(setId)}`);
  return isOwn;
}

/** A stored rule, or the message that is one. */
function isOwnRule({ id, clientId }: Rule, carried: unknown): boolean {
  if (typeof carried !== 'object' || carried === null) return true;
  const stored = 'rule' in carried && typeof carried.rule === 'object' && carried.rule !== null ? carried.rule : carried;
  const its = stored as Partial<Rule>;
  return (its.id === undefined || its.id === id) && (its.clientId === undefined || its.clientId === clientId);
}
