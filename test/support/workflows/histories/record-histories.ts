import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { expect, vi } from 'vitest';
import { packageRoot } from '../../../../src/app/paths.ts';
import { ensureSearchAttributes } from '../../../../src/temporal/client/search-attributes.ts';
import { historyToText } from '../history-json.ts';
import { PATIENT, type RecordedHistory } from './recorded-rule.ts';
import { liveALife, rollOver, upload, bePrimed } from './lives.ts';
import { beActedOn, beLatched, beReset, bePaused } from './operators.ts';
import { split, splitAndPrime, beHeld } from './pressure.ts';

export const HISTORIES = join(packageRoot, 'test/histories');

/**
 * Runs sets on a real server through all code paths, and writes the history of each run to test/histories. `branch`
 * names the files; those of other branches stay, because they cover the old code paths.
 */
export async function recordHistories(temporalAddress: string, branch: string): Promise<void> {
  const environment = await TestWorkflowEnvironment.createFromExistingServer({ address: temporalAddress });
  await ensureSearchAttributes(environment.client, 'default');
  await mkdir(HISTORIES, { recursive: true });
  const isOfBranch = (name: string): boolean => /^[a-z]+-(.+)-\d+\.json$/.exec(name)?.[1] === branch;
  for (const name of (await readdir(HISTORIES)).filter(isOfBranch)) await rm(join(HISTORIES, name));
  try {
    await write(environment.client, `life-${branch}`, await liveALife(environment));
    await write(environment.client, `rollover-${branch}`, await rollOver(environment));
    const [coordinator, shard] = await split(environment);
    await write(environment.client, `head-${branch}`, coordinator);
    await write(environment.client, `shard-${branch}`, shard);
    const [primed, piece] = await splitAndPrime(environment);
    await write(environment.client, `primedhead-${branch}`, primed);
    await write(environment.client, `primedshard-${branch}`, piece);
    await writeHistory(`held-${branch}-1`, await beHeld(environment));
    await write(environment.client, `upload-${branch}`, await upload(environment));
    await write(environment.client, `acted-${branch}`, await beActedOn(environment));
    await write(environment.client, `latched-${branch}`, await beLatched(environment));
    await write(environment.client, `reset-${branch}`, await beReset(environment));
    await write(environment.client, `primed-${branch}`, await bePrimed(environment));
    await write(environment.client, `paused-${branch}`, await bePaused(environment));
  } finally {
    await environment.teardown();
  }
}

/** Writes one file per run. */
async function write(client: Client, name: string, workflowId: string): Promise<void> {
  const runs: { runId: string; startTime: Date }[] = [];
  await vi.waitFor(async () => {
    runs.splice(0);
    for await (const run of client.workflow.list({ query: `WorkflowId='${workflowId}'` })) runs.push(run);
    expect(runs.length).toBeGreaterThan(0);
  }, PATIENT);
  runs.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
  for (const [index, { runId }] of runs.entries()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    await writeHistory(`${name}-${index + 1}`, history);
  }
}

const writeHistory = (name: string, history: RecordedHistory): Promise<void> =>
  writeFile(join(HISTORIES, `${name}.json`), historyToText(history));
