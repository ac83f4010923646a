import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'nats';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startApp, type App } from '../../src/app/app.ts';
import { loadConfig } from '../../src/app/settings/config.ts';
import type { AlertEnvelope } from '../../src/core/model/alert/alert.ts';
import { openConsole } from '../support/browser/browser.ts';
import { startTestServers, type TestServers } from '../support/servers/servers.ts';

const MACHINES = ['machine-01', 'machine-02', 'machine-03', 'machine-04', 'machine-05'];
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const patient = { timeout: 20_000 };

let servers: TestServers;
let dataDir: string;
let app: App;
const failures: Error[] = [];

beforeAll(async () => {
  servers = await startTestServers();
  dataDir = await mkdtemp(join(tmpdir(), 'vigil-e2e-'));
  const config = loadConfig({
    PORT: '0',
    TEMPORAL_ADDRESS: servers.temporalAddress,
    NATS_URL: servers.natsUrl,
    VIGIL_DATA_DIR: dataDir,
  });
  app = await startApp({
    config,
    fresh: false,
    simulator: true,
    log: quiet,
    progress: () => undefined,
    onFailure: (error) => failures.push(error),
    workerLimits: { bundlePath: inject('workflowBundles').usual },
  });
});

afterAll(async () => {
  await app.stop();
  await servers.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** The machines of a client, in the browser. */
async function openMachines(clientId: string) {
  const { page, problems, close } = await openConsole(app.url);
  const panel = page.getByTestId(clientId);
  return {
    panel,
    problems,
    close,
    click: (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click(),
    newest: (): Promise<string> =>
      page
        .getByRole('log', { name: `alerts of ${clientId}` })
        .getByRole('listitem')
        .first()
        .innerText(),
  };
}

test('stopping every machine of client-01 in the browser shows the alert in the console and on NATS', async () => {
  const nats = await connect({ servers: servers.natsUrl });
  const received: string[] = [];
  nats.subscribe('alerts.client-01.>', {
    callback: (_error, message) => {
      const { data } = message.json<AlertEnvelope>();
      received.push(`${data.status} ${data.message}`);
    },
  });
  const { panel, click, newest, problems, close } = await openMachines('client-01');
  const stateOf = (machineId: string): Promise<string | null> =>
    panel.locator('.machine', { hasText: machineId }).getAttribute('data-state');

  await click('start all machines of client-01');
  for (const machineId of MACHINES) await expect.poll(() => stateOf(machineId), patient).toBe('running');
  await nats.flush();
  const before = received.length;
  for (const machineId of MACHINES) await click(`stop ${machineId} of client-01`);

  await expect.poll(newest, patient).toMatch(/firing[^]*All 5 machines of client-01 are stopped/);
  await panel.getByRole('listitem', { name: 'all-machines-stopped is firing' }).waitFor();
  expect(received.slice(before)).toEqual(['firing All 5 machines of client-01 are stopped']);
  expect([problems, failures]).toEqual([[], []]);
  await close();
  await nats.close();
});

test('a machine that is silent makes the rule of its client fire, until it sends again', async () => {
  const { panel, click, problems, close } = await openMachines('client-02');
  const rule = (status: string): Promise<void> =>
    panel.getByRole('listitem', { name: `machine-silent is ${status}` }).waitFor();
  const alert = (text: string): Promise<void> =>
    panel.getByRole('log').getByRole('listitem').filter({ hasText: text }).waitFor();

  await rule('inactive');
  await click('silence machine-04 of client-02');
  await panel
    .getByRole('listitem', { name: 'machine-04', exact: false })
    .getByText('silent', { exact: true })
    .waitFor();
  await rule('firing');
  await alert('1 of 5 machines of client-02 silent: machine-04');

  await click('silence machine-04 of client-02');
  await rule('inactive');
  await alert('All machines of client-02 send events again');
  expect([problems, failures]).toEqual([[], []]);
  await close();
});
