import { z } from '@hono/zod-openapi';
import { ALERT_REASONS, ALERT_STATUSES } from '../../../core/model/alert/alert.ts';
import { SEVERITIES } from '../../../core/model/alert/severity.ts';

const time = z.iso.datetime();
const key = z.record(z.string(), z.unknown());

export const evidence = z
  .object({
    items: z.array(z.object({ partition: key, sequence: z.int(), time, value: z.unknown() })),
    total: z.int(),
  })
  .openapi('Evidence');

export const acknowledgement = z
  .object({
    by: z.string().openapi({ description: 'who has acknowledged the alert' }),
    at: time,
    note: z.string().optional(),
  })
  .openapi('Acknowledgement');

export const snooze = z
  .object({
    by: z.string().openapi({ description: 'who has snoozed the alert' }),
    at: time,
    until: time,
    note: z.string().optional(),
  })
  .openapi('Snooze');

export const action = z
  .object({ by: z.string(), at: time, until: time.optional(), note: z.string().optional() })
  .openapi('AlertAction', { description: 'what somebody did, with the statuses that tell it' });

/** The message on `alerts.<clientId>.<ruleId>`: docs/alerts.md. */
export const alertEnvelope = z
  .object({
    specversion: z.literal('1.0'),
    id: z.string().openapi({ description: 'never changes: the same transition has the same id' }),
    source: z.string(),
    type: z.literal('vigil.alert.v1'),
    subject: z.string(),
    time,
    datacontenttype: z.literal('application/json'),
    traceparent: z.string().optional(),
    data: z.object({
      clientId: z.string(),
      ruleId: z.string(),
      ruleVersion: z.int(),
      group: key,
      partition: key,
      episode: z.int(),
      status: z.enum(ALERT_STATUSES),
      reason: z.enum(ALERT_REASONS),
      state: z.enum(['inactive', 'pending', 'firing']),
      severity: z.enum(SEVERITIES),
      startsAt: time.nullable(),
      endsAt: time.nullable(),
      evaluatedAt: time,
      message: z.string(),
      labels: z.record(z.string(), z.string()),
      evidence,
      action: action.optional(),
      stoppedAt: z.iso
        .datetime()
        .optional()
        .openapi({ description: 'while it is latched: since when its condition does not hold' }),
      acknowledged: acknowledgement.optional(),
      snoozed: snooze.optional(),
    }),
  })
  .openapi('Alert', { description: 'a CloudEvent 1.0 in structured JSON' });
