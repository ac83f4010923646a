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
