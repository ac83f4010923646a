import type { AlertEnvelope } from '../core/model/alert/alert.ts';
import { isoTime } from '../core/primitives/text/iso-time.ts';
import type { HeldBack } from './notification-limit.ts';

/** In the place of a rule. */
const RULE_ID = 'quota';

/** Tells a receiver how many notifications it did not get. `place`: makes the id one of a receiver and process. */
export function heldBackAlert(
  { clientId, count, quota, fromMs, untilMs }: HeldBack,
  place: string,
  nowMs: number,
): AlertEnvelope {
  const [from, until, now] = [fromMs, untilMs, nowMs].map(isoTime) as [string, string, string];
  const what = count === 1 ? '1 notification of' : `${count} notifications of`;
  return {
    specversion: '1.0',
    id: `${clientId}/${RULE_ID}/${place}@${fromMs}`,
    source: `/vigil/${clientId}/${RULE_ID}`,
    type: 'vigil.alert.v1',
    subject: RULE_ID,
    time: now,
    datacontenttype: 'application/json',
    data: {
      ...{ clientId, ruleId: RULE_ID, ruleVersion: 0, group: {}, partition: {}, episode: 0 },
      ...{ status: 'limit', reason: 'limit', state: 'inactive', severity: 'warning' },
      ...{ startsAt: from, endsAt: until, evaluatedAt: now },
      message: `${what} ${clientId} from ${from} to ${until} were held back: its quota is ${quota} a minute. \`vigil alerts list ${clientId} --all\` has all alerts.`,
      labels: { quota: 'alertsPerMinute', heldBack: String(count) },
      evidence: { items: [], total: 0 },
    },
  };
}
