import { z } from '@hono/zod-openapi';
import { itemProblem } from '../shared/problem.ts';
import { ALERT_REASONS, ALERT_STATUSES } from '../../../core/model/alert/alert.ts';
import { SEVERITIES } from '../../../core/model/alert/severity.ts';
import { RECORD_STATES } from '../../../core/read-model/alert-record.ts';
import { next } from '../shared/pages.ts';
import { acknowledgement, action, evidence, snooze } from './alerts.ts';

const time = z.iso.datetime();
const key = z.record(z.string(), z.unknown());

/** Alerts of one request that acts on many. */
export const MOST_AT_ONCE = 100;

const summary = z
  .object({
    id: z.string().openapi({ description: 'names the alert in this API', example: 'q1Xz0Tn0nQ6cJm3m0b8nVg' }),
    clientId: z.string(),
    ruleId: z.string(),
    ruleVersion: z.int(),
    partitionSetId: z.string().openapi({ description: 'workflow id of its partition set' }),
    group: key,
    partition: key,
    episode: z.int(),
    state: z.enum(RECORD_STATES).openapi({
      description: '`notice`: published once, without an end, such as a limit that was reached',
    }),
    severity: z.enum(SEVERITIES),
    startsAt: time.nullable(),
    endsAt: time.nullable(),
    updatedAt: time.openapi({ description: 'time of its newest transition' }),
    status: z.enum(ALERT_STATUSES).openapi({ description: 'what the newest transition was' }),
    sequence: z.int().openapi({ description: 'sequence of the newest transition in the alert stream' }),
    message: z.string().openapi({ description: 'of the newest transition that is no acknowledgement or snooze' }),
    labels: z.record(z.string(), z.string()),
    stoppedAt: time.optional().openapi({ description: 'while it is latched: since when its condition does not hold' }),
    acknowledged: acknowledgement.optional(),
    snoozed: snooze.optional(),
  })
  .openapi('AlertSummary');

export const alertList = z.object({ alerts: z.array(summary), next }).openapi('AlertList');

const transition = z
  .object({
    sequence: z.int().openapi({ description: 'its sequence in the alert stream' }),
    alertId: z.string().openapi({ description: 'id of the message' }),
    status: z.enum(ALERT_STATUSES),
    reason: z.enum(ALERT_REASONS),
    severity: z.enum(SEVERITIES),
    at: time,
    message: z.string(),
    action: action.optional(),
    evidence: z
      .union([evidence, z.null()])
      .openapi({ description: 'null for all but the first and the newest transition' }),
  })
  .openapi('AlertTransition');

export const alertRecord = z
  .object({
    ...summary.shape,
    transitions: z.array(transition).openapi({ description: 'in the order of the stream' }),
    omitted: z.int().openapi({ description: 'transitions left out after the first one' }),
  })
  .openapi('AlertRecord');

/** The body of an action. The workflow of the alert checks it again. */
export const alertAction = z
  .strictObject({
    by: z.string().openapi({ description: 'who acts', example: 'ana' }),
    note: z.string().optional().openapi({ example: 'Replacing the filter.' }),
    until: time.optional().openapi({ description: 'only of a snooze, which needs it: its end' }),
  })
  .openapi('AlertActionInput');

export const manyAlertsAction = z
  .strictObject({
    ...alertAction.shape,
    ids: z
      .array(z.string())
      .min(1)
      .max(MOST_AT_ONCE)
      .openapi({ description: `at most ${MOST_AT_ONCE} alerts` }),
  })
  .openapi('ManyAlertsActionInput');

const acted = z.object({
  id: z.string(),
  changed: z.boolean().openapi({ description: 'false: it was so before' }),
  state: z.enum(['inactive', 'pending', 'firing']),
  acknowledged: acknowledgement.optional(),
  snoozed: snooze.optional(),
});

export const alertActed = acted.openapi('AlertActed');

export const manyAlertsActed = z
  .object({
    alerts: z.array(z.union([acted, z.object({ id: z.string(), problem: itemProblem })])),
  })
  .openapi('ManyAlertsActed', { description: 'in the order of the request; a problem concerns its alert only' });
