import { z } from '@hono/zod-openapi';
import { ALERT_REASONS, ALERT_STATUSES } from '../../core/model/alert.ts';
import { SEVERITIES } from '../../core/model/severity.ts';
import { RECORD_STATES } from '../../core/read-model/alert-record.ts';
import { next } from './pages.ts';
import { evidence } from './alerts.ts';

const time = z.iso.datetime();
const key = z.record(z.string(), z.unknown());

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
    message: z.string(),
    labels: z.record(z.string(), z.string()),
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
