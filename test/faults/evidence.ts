import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { RULE_SET_WORKFLOW, RULE_SHARD_WORKFLOW } from '../../workflows/messages.ts';
import type { DifferentSet } from '../support/load/expect-alerts.ts';
import { historyToText } from '../support/workflows/history-json.ts';
import { wholeHistory } from '../support/workflows/payloads.ts';

/** Writes expected and actual alerts of each set, and the histories of its runs and its shards. */
export async function keepEvidence(folder: string, temporal: Client, sets: readonly DifferentSet[]): Promise<void> {
  for (const { setId, expected, published } of sets) {
    await writeText(join(folder, fileName(setId), 'expected.json'), JSON.stringify(expected, null, 1));
    await writeText(join(folder, fileName(setId), 'published.json'), JSON.stringify(published, null, 1));
  }
  const setOf = (workflowId: string): string | undefined =>
    sets.find(({ setId }) => workflowId === setId || workflowId.startsWith(`${setId}/`))?.setId;
  for await (const { workflowId, runId, startTime } of temporal.workflow.list({
    query: `WorkflowType IN ('${RULE_SET_WORKFLOW}', '${RULE_SHARD_WORKFLOW}')`,
  })) {
    const setId = setOf(workflowId);
    if (setId === undefined) continue;
    const history = await wholeHistory(temporal, { workflowId, runId });
    const run = `${startTime.toISOString().replaceAll(':', '-')} ${runId}.json`;
    await writeText(
      join(folder, fileName(setId), fileName(workflowId.slice(setId.length + 1)), run),
      historyToText(history),
    );
  }
}

async function writeText(path: string, text: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
}

const fileName = (id: string): string => id.replaceAll('/', ',');
