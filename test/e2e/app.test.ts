import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'nats';
import { expect, inject, test } from 'vitest';
import { startApp } from '../../src/app/app.ts';
import { loadConfig } from '../../src/app/settings/config.ts';
import type { AlertEnvelope } from '../../src/core/model/alert/alert.ts';
import { openConsole } from '../support/browser/browser.ts';
import { startTestServers } from '../support/servers/servers.ts';

const MACHINES = ['machine-01', 'machine-02', 'machine-03', 'machine-04', 'machine-05'];
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const patient = { timeout: 20_000 };

test('with all of vigil: stopping every machine of client-01 in the browser shows the alert in the console and on NATS', async () => {
  const servers = await startTestServers();
  const dataDir = await mkdtemp(join(tmpdir(), 'vigil-e2e-'));
  const config = loadConfig({
    PORT: '0',
    TEMPORAL_ADDRESS: servers.temporalAddress,
    NATS_URL: servers.natsUrl,
    VIGIL_DATA_DIR: dataDir,
  });
  const failures: Error[] = [];
  const app = await startApp({
    config,
    fresh: false,
    simulator: true,
    log: quiet,
    progress: () => undefined,
    onFailure: (error) => failures.push(error),
    workerLimits: { bundlePath: inject('workflowBundles').usual },
  });
  const nats = await connect({ servers: servers.natsUrl });
  const { page, problems, close } = await openConsole(app.url);

  const received: string[] = [];
  nats.subscribe('alerts.client-01.>', {
    callback: (_error, message) => {
      const { data } = message.json<AlertEnvelope>();
      received.push(`${data.status} ${data.message}`);
    },
  });
  const click = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
  const stateOf = (machineId: string): Promise<string | null> =>
    page.getByTestId('client-01').locator('.machine', { hasText: machineId }).getAttribute('data-state');
  const newest = (): Promise<string> =>
    page.getByRole('log', { name: 'alerts of client-01' }).getByRole('listitem').first().innerText();

  await click('start all machines of client-01');
  for (const machineId of MACHINES) await expect.poll(() => stateOf(machineId), patient).toBe('running');
  await nats.flush();
  const before = received.length;
  for (const machineId of MACHINES) await click(`stop ${machineId} of client-01`);

  await expect.poll(newest, patient).toMatch(/firing[^]*All 5 machines of client-01 are stopped/);
  await page.getByRole('listitem', { name: 'all-machines-stopped is firing' }).waitFor();
  expect(received.slice(before)).toEqual(['firing All 5 machines of client-01 are stopped']);
  expect(problems).toEqual([]);
  expect(failures).toEqual([]);

  await close();
  await nats.close();
  await app.stop();
  await servers.stop();
  await rm(dataDir, { recursive: true, force: true });
});
