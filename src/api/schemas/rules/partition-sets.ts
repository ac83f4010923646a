import { z } from '@hono/zod-openapi';
import { explanation, nextMoment, unanswered } from './explanation.ts';
import { PARTITION_STATES } from '../../../core/explain/list-partitions.ts';
import { SEVERITIES } from '../../../core/model/alert/severity.ts';
import { orNull } from '../shared/or-null.ts';
import { itemProblem } from '../shared/problem.ts';
import { next } from '../shared/pages.ts';
import { ruleParams } from '../shared/params.ts';

export const partitionSetParams = ruleParams.extend({
  partitionSetId: z
    .string()
    .regex(/^[\w-]{22}$/, 'A partition set id has 22 letters, digits, "-" and "_": the "id" in the list.')
    .openapi({ description: 'id of the partition set', example: 'q1Xz0Tn0nQ6cJm3m0b8nVg' }),
});

export const partitionSetStatus = z.enum(['inactive', 'pending', 'firing']);

const partitionSet = z
  .object({
    id: z.string().openapi({ description: 'names the partition set in this API' }),
    workflowId: z.string().openapi({ description: 'its workflow in Temporal' }),
    status: partitionSetStatus,
  })
  .openapi('PartitionSet');

export const partitionSetList = z.object({ partitionSets: z.array(partitionSet), next }).openapi('PartitionSetList');

export const explainedPartitionSet = z.object({ ...partitionSet.shape, explanation }).openapi('ExplainedPartitionSet');

const RESET_BY_LENGTH = 256;
export const CLEAN = 'clean';

export const reset = z
  .object({
    by: z.string().min(1).max(RESET_BY_LENGTH).openapi({ description: 'who asks for it', example: 'ana' }),
    to: z.string().default(CLEAN).openapi({
      description:
        '`clean`: everything is read again from the event stream. Else the time to go back to, ISO 8601 or a duration back from now: what came after it is read again',
      example: '2h',
    }),
    dryRun: z.boolean().default(false).openapi({ description: 'only list what would be reset' }),
  })
  .openapi('Reset');

export const resetPartitionSets = z
  .object({
    dryRun: z.boolean(),
    partitionSets: z.array(
      z.object({
        ...partitionSet.shape,
        from: z
          .object({
            runId: z.string(),
            eventId: z.string().openapi({ description: 'the last workflow task before the time' }),
            at: z.iso.datetime(),
            events: z.int().openapi({ description: 'events of the client since then, which are read again' }),
          })
          .optional()
          .openapi({ description: 'the place in the history of its workflow, if it is reset to a time' }),
        problem: itemProblem.optional().openapi({ description: 'why it was not reset' }),
      }),
    ),
  })
  .openapi('ResetPartitionSets');

const partition = z
  .object({
    partition: z.record(z.string(), z.unknown()).openapi({ description: 'the properties and their values' }),
    state: z.enum(PARTITION_STATES).openapi({ description: 'whether it has reported lately' }),
    lastEvent: orNull(z.object({ sequence: z.int(), time: z.iso.datetime() })),
    value: z.unknown().openapi({ description: 'as in the evidence of an alert; null without one' }),
    satisfies: z.enum(['yes', 'no', 'unknown']),
    severity: orNull(z.enum(SEVERITIES)).openapi({ description: 'of the level that it satisfies' }),
    alert: orNull(partitionSetStatus).openapi({
      description: 'the state of its own alert; null if the rule has one alert for all partitions',
    }),
    since: z.iso.datetime().nullable().openapi({
      description: 'since when the condition of its own alert holds; null while it does not',
    }),
    next: orNull(nextMoment).openapi({ description: 'the first that happens to it without another event' }),
  })
  .openapi('Partition');

export const partitionList = z
  .object({ partitions: z.array(partition), next, unanswered: unanswered.optional() })
  .openapi('PartitionList');
