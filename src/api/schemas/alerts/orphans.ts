import { z } from '@hono/zod-openapi';
import { ORPHAN_REASONS } from '../../../core/read-model/close-alert.ts';
import { LIMITS } from '../../../core/primitives/limits.ts';
import { next } from '../shared/pages.ts';

export const closeOrphaned = z
  .strictObject({
    by: z.string().min(1).max(LIMITS.actorLength).openapi({ description: 'who closes them', example: 'ana' }),
    dryRun: z.boolean().default(false).openapi({ description: 'only list what would be closed' }),
    cursor: z.string().optional().openapi({ description: '`next` of the answer before' }),
  })
  .openapi('CloseOrphaned');

const key = z.record(z.string(), z.unknown());

export const closedAlerts = z
  .object({
    dryRun: z.boolean(),
    alerts: z.array(
      z.object({
        id: z.string(),
        ruleId: z.string(),
        partitionSetId: z.string().openapi({ description: 'workflow id of the partition set that had it' }),
        group: key,
        partition: key,
        why: z.enum(ORPHAN_REASONS).openapi({
          description:
            '`noPartitionSet`: it does not run, and the rule does not have it any more; `begunAnew`: it runs, but knows nothing of this alert',
        }),
      }),
    ),
    next: next.openapi({ description: 'pass it as `cursor` to look at further alerts; null if all were' }),
  })
  .openapi('ClosedAlerts');
