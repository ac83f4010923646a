import type { z } from '@hono/zod-openapi';
import type { Context, TypedResponse } from 'hono';
import type { JSONParsed } from 'hono/utils/types';
import { ID_PATTERN } from '../../../core/model/ids.ts';
import type { CountedRule } from '../../../core/model/stored-rule/stored-rule.ts';
import { pausedNow } from '../../../core/model/stored-rule/rule-pause.ts';
import { VigilError } from '../../../core/primitives/errors.ts';
import { isoTime } from '../../../core/primitives/text/iso-time.ts';
import { writeForOthers } from '../../../core/primitives/text/write-json.ts';
import type { RulesPort } from '../../ports/rules.ts';
import type { RuleParams } from '../../schemas/shared/params.ts';
import type { storedRule } from '../../schemas/rules/rules.ts';

/* A stored rule: find it, and answer with it. */

/** The rule of the path. @throws VigilError RULE_NOT_FOUND */
export async function ruleAt(rules: RulesPort, { clientId, ruleId }: RuleParams): Promise<CountedRule> {
  const stored = ID_PATTERN.test(ruleId) ? await rules.get(clientId, ruleId) : null;
  if (stored === null) throw notFound({ clientId, ruleId });
  return stored;
}

export const notFound = ({ clientId, ruleId }: RuleParams): VigilError =>
  new VigilError('RULE_NOT_FOUND', `List the rules with GET /api/clients/${clientId}/rules.`, { clientId, ruleId });

/** Like c.json. The operands of a rule may be numbers that JSON.stringify would not write. */
export const answer = <Body extends object, Status extends 200 | 201>(
  c: Context,
  body: Body,
  status: Status,
): Answered<Body, Status> =>
  c.body(writeForOthers(body), status, { 'content-type': 'application/json' }) as unknown as Answered<Body, Status>;

export type Answered<Body, Status extends 200 | 201> = TypedResponse<JSONParsed<Body>, Status, 'json'>;

/** A stored rule with its ETag. */
export function answerRule<Status extends 200 | 201>(
  c: Context,
  stored: CountedRule,
  status: Status,
): Answered<z.infer<typeof storedRule>, Status> {
  tag(c, stored);
  return answer(c, described(stored), status);
}

export const tag = (c: Context, { version }: CountedRule): void => c.header('etag', `"${version}"`);

export const described = ({ rule, version, edition, storedAtMs, pause }: CountedRule) => ({
  rule,
  version,
  edition,
  storedAt: isoTime(storedAtMs),
  paused: pause === undefined ? null : pausedNow(pause),
});
