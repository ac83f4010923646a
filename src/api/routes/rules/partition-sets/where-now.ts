import { explainWhere } from '../../../../core/explain/explain-where.ts';
import type { Explanation, WhereNow } from '../../../../core/explain/explanation.ts';
import type { Rule } from '../../../../core/model/rule/rule-schema.ts';
import type { EventArchivePort } from '../../../ports/events.ts';
import { readEvent } from '../../../requests/check-event.ts';

/** Tests the newest events of the client against `where`: those that it does not match reach no partition set. */
export async function whereNow(archive: EventArchivePort, rule: Rule): Promise<WhereNow> {
  const stored = await archive.newest(rule.clientId);
  const events = stored.flatMap((each) => readEvent(each) ?? []);
  return { ...explainWhere(rule, events), unusable: stored.length - events.length };
}

/** No partition has reported lately, so perhaps `where` matches nothing. */
export const isQuiet = ({ across, alerts }: Explanation): boolean => (across ?? alerts)?.live === 0;
