import { z } from '@hono/zod-openapi';
import { ALERT_REASONS, ALERT_STATUSES } from '../../../core/model/alert/alert.ts';
import { SEVERITIES } from '../../../core/model/alert/severity.ts';
import { problemSchema } from '../shared/problem.ts';
import { rule } from './rules.ts';

const time = z.iso.datetime();
const key = z.record(z.string(), z.unknown());

/** The body of a preview. parseRule checks the rule. */
export const previewBody = z
  .strictObject({
    rule,
    since: z.string().openapi({
      description: 'where the events start: a duration back from now, or an ISO 8601 time; at most 31 days ago',
      example: '24h',
    }),
  })
  .openapi('RulePreviewInput');

const alert = z
  .object({
    at: time,
    status: z.enum(ALERT_STATUSES),
    reason: z.enum(ALERT_REASONS),
    severity: z.enum(SEVERITIES),
    group: key,
    partition: key,
    message: z.string().openapi({ description: 'its first 200 characters' }),
  })
  .openapi('PreviewedAlert');

const alerts = z
  .object({
    count: z.int(),
    first: z.array(alert).openapi({ description: 'the first of them, at most 100' }),
  })
  .openapi('PreviewedAlerts');

const outcome = z.object({
  matched: z.int().openapi({ description: 'events that the rule reads' }),
  partitionSets: z.int(),
  firingSeconds: z.number().openapi({ description: 'how long its alerts fired, all together' }),
  stillFiring: z.int().openapi({ description: 'alerts that fire at the end' }),
  byStatus: z.record(z.string(), z.int()).openapi({ description: 'alerts by their status' }),
  bySet: z
    .array(z.object({ group: key, alerts: z.int() }))
    .openapi({ description: 'the partition sets with the most alerts, at most 20' }),
  alerts,
});

export const rulePreview = z
  .object({
    ruleId: z.string(),
    since: time.openapi({ description: 'both versions start here, without earlier knowledge' }),
    until: time.openapi({ description: 'the end: now, or where a limit was reached' }),
    stoppedBy: z
      .enum(['events', 'alerts', 'state', 'time'])
      .nullable()
      .openapi({ description: 'the limit that ended it early; null: it has everything up to now' }),
    stream: z.object({
      from: time.nullable().openapi({ description: 'time of the oldest event of the stream' }),
      isWhole: z.boolean().openapi({ description: 'false: the stream no longer has all events since then' }),
    }),
    events: z.object({
      read: z.int(),
      total: z.int().openapi({ description: 'events of the client in the stream since then' }),
      unusable: z.int().openapi({ description: 'events that are not valid, or over the quota of the client' }),
    }),
    preview: outcome.openapi('PreviewOutcome'),
    running: z
      .union([z.object({ version: z.int(), ...outcome.shape }).openapi('RunningOutcome'), z.null()])
      .openapi({ description: 'the same for the stored rule with this id; null if there is none' }),
    difference: z
      .union([
        z.object({ same: z.int(), onlyPreview: alerts, onlyRunning: alerts }).openapi('PreviewDifference'),
        z.null(),
      ])
      .openapi({
        description:
          'alerts are the same if time, status, severity, group and partition are; null if nothing is stored',
      }),
  })
  .openapi('RulePreview');

/** One line of `application/x-ndjson`. */
export const previewLine = z
  .union([
    z.object({ progress: z.object({ read: z.int(), total: z.int(), at: time }) }),
    z.object({ result: rulePreview }),
    z.object({ problem: problemSchema }),
  ])
  .openapi('RulePreviewLine');
