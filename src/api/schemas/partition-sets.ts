import { z } from '@hono/zod-openapi';
import { explanation } from './explanation.ts';
import { next } from './pages.ts';

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

export const reset = z
  .object({
    by: z.string().min(1).max(RESET_BY_LENGTH).openapi({ description: 'who asks for it', example: 'ana' }),
    dryRun: z.boolean().default(false).openapi({ description: 'only list what would be reset' }),
  })
  .openapi('Reset');

export const resetPartitionSets = z
  .object({
    dryRun: z.boolean(),
    partitionSets: z.array(
      z.object({
        ...partitionSet.shape,
        isCorrected: z
          .boolean()
          .optional()
          .openapi({ description: 'whether it publishes what differs; not if it is split over shards' }),
        problem: z
          .object({ code: z.string(), message: z.string() })
          .optional()
          .openapi({ description: 'why it was not reset' }),
      }),
    ),
  })
  .openapi('ResetPartitionSets');
