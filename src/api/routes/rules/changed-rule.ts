import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { effectOfChange } from '../../../core/language/change/effect-of-change.ts';
import { isSameRule, ruleDiff } from '../../../rules/rule-diff.ts';
import type { Rule } from '../../../core/model/rule/rule-schema.ts';
import { NO_VERSION, type CountedRule } from '../../../core/model/stored-rule/stored-rule.ts';
import { VigilError } from '../../../core/primitives/errors.ts';
import { isoTime } from '../../../core/primitives/text/iso-time.ts';
import type { changedRule } from '../../schemas/rules/rule-change.ts';
import { RequestError } from '../../errors.ts';
import { answer, described, tag, type Answered } from './stored-rule.ts';

/* A change of a rule: under which condition, and what it does. */

/** @throws RequestError REQUEST_INVALID for both, as they contradict each other */
export function expectedVersion(headers: { 'if-match'?: number | undefined; 'if-none-match'?: string | undefined }) {
  const { 'if-match': version, 'if-none-match': none } = headers;
  if (none === undefined) return version;
  if (!('if-match' in headers)) return NO_VERSION;
  throw new RequestError(
    'REQUEST_INVALID',
    'Send If-Match to change a rule, or If-None-Match to create one, not both.',
  );
}

/** @throws VigilError RULE_CHANGED */
export function refuseOther(before: CountedRule | null, expected: number | undefined): void {
  if (expected === undefined || expected === (before?.version ?? NO_VERSION)) return;
  throw new VigilError('RULE_CHANGED', 'Read the rule again, and repeat your change.', { version: expected });
}

/** A rule as it is after a change, with its ETag and what the change does. `before` undefined: it was created. */
export function answerChange<Status extends 200 | 201>(
  c: Context,
  before: Rule | undefined,
  stored: CountedRule,
  status: Status,
): Answered<z.infer<typeof changedRule>, Status> {
  tag(c, stored);
  const change = kindOf(before, stored.rule);
  return answer(c, { ...described(stored), change, effects: effectOfChange(before, stored.rule) }, status);
}

export function describedDryRun(before: CountedRule | null, rule: Rule) {
  return {
    rule,
    change: kindOf(before?.rule, rule),
    version: before?.version ?? null,
    edition: before?.edition ?? null,
    storedAt: before === null ? null : isoTime(before.storedAtMs),
    diff: ruleDiff(before?.rule, rule),
    effects: effectOfChange(before?.rule, rule),
  };
}

function kindOf(before: Rule | undefined, after: Rule): 'created' | 'changed' | 'unchanged' {
  if (before === undefined) return 'created';
  return isSameRule(before, after) ? 'unchanged' : 'changed';
}
