import type { Locator, Page } from 'playwright-core';
import { describe, test, type TestContext } from 'vitest';
import { openConsole, openPage } from '../support/browser/browser.ts';
import { ALL_STOPPED_RULE, startConsoleHost, type ConsoleHost } from './console-host.ts';

const MACHINES = ['machine-01', 'machine-02', 'machine-03', 'machine-04', 'machine-05'];

interface Opened {
  host: ConsoleHost;
  page: Page;
  problems: string[];
  button: (name: string) => Locator;
  machine: (clientId: string, machineId: string) => Locator;
  stateOf: (clientId: string, machineId: string) => Promise<string | null>;
  newestAlert: (clientId: string) => Locator;
}

/** Each test has its own host and page. They run in parallel, because they mostly wait for polling of the page. */
async function open({ onTestFinished }: TestContext, options?: { simulator: boolean }): Promise<Opened> {
  const host = await startConsoleHost(options);
  onTestFinished(() => host.stop());
  const { page, problems, close } = await openConsole(host.url);
  onTestFinished(close);
  const machine = (clientId: string, machineId: string): Locator =>
    page.getByTestId(clientId).locator('.machine', { hasText: machineId });
  return {
    host,
    page,
    problems,
    machine,
    button: (name) => page.getByRole('button', { name, exact: true }),
    stateOf: (clientId, machineId) => machine(clientId, machineId).getAttribute('data-state'),
    newestAlert: (clientId) =>
      page
        .getByRole('log', { name: `alerts of ${clientId}` })
        .getByRole('listitem')
        .first(),
  };
}

const patient = { timeout: 30_000 };

describe.concurrent('with the simulator', () => {
  test('clicking stops every machine of client-01, and the alert arrives', async (test) => {
    const { expect } = test;
    const { page, problems, button, stateOf, newestAlert } = await open(test);
    await button('start all machines of client-01').click();
    await expect.poll(() => stateOf('client-01', 'machine-01'), patient).toBe('running');
    // The first alert may have come and gone before this page was open.
    await page.getByRole('listitem', { name: 'all-machines-stopped is inactive' }).waitFor();

    for (const machineId of MACHINES) await button(`stop ${machineId} of client-01`).click();

    await expect
      .poll(() => newestAlert('client-01').innerText(), patient)
      .toContain('All 5 machines of client-01 are stopped');
    expect(await newestAlert('client-01').innerText()).toMatch(/firing\s+critical/);
    await page.getByRole('listitem', { name: 'all-machines-stopped is firing' }).waitFor();

    await button('start machine-03 of client-01').click();
    await expect.poll(() => newestAlert('client-01').innerText(), patient).toContain('resolved');
    await page.getByRole('listitem', { name: 'all-machines-stopped is inactive' }).waitFor();
    expect(problems).toEqual([]);
  });

  test('machines are simulated, and manually controlled machines return to the simulation', async (test) => {
    const { expect } = test;
    const { problems, button, machine, stateOf } = await open(test);
    await expect.poll(() => stateOf('client-02', 'machine-01'), patient).toBe('running');
    await button('stop machine-01 of client-02').click();
    await machine('client-02', 'machine-01').getByText('manual').waitFor();
    expect(await stateOf('client-02', 'machine-01')).toBe('stopped');
    await button('resume simulation of the machines of client-02').click();
    await machine('client-02', 'machine-01').getByText('manual').waitFor({ state: 'detached' });
    expect(await button('resume simulation of the machines of client-02').isDisabled()).toBe(true);
    expect(problems).toEqual([]);
  });

  test('a silent machine sends nothing, until it is silent no more', async (test) => {
    const { expect } = test;
    const { host, problems, button, machine } = await open(test);
    await button('silence machine-01 of client-02').click();
    await machine('client-02', 'machine-01').getByText('silent', { exact: true }).waitFor();
    const sent = (): number =>
      host.vigil.published.filter(
        (message) =>
          message.kind === 'event' && message.clientId === 'client-02' && message.data['machineId'] === 'machine-01',
      ).length;
    const before = sent();
    await button('start machine-01 of client-02').click();
    await machine('client-02', 'machine-01').getByText('manual').waitFor();
    expect(sent()).toBe(before);
    await button('silence machine-01 of client-02').click();
    await machine('client-02', 'machine-01').getByText('silent', { exact: true }).waitFor({ state: 'detached' });
    expect(sent()).toBeGreaterThan(before);
    expect(problems).toEqual([]);
  });

  test('test events and test alerts are published and shown', async (test) => {
    const { expect } = test;
    const { host, page, problems, button, newestAlert } = await open(test);
    await button('send event for client-02').click();
    await page.getByLabel('Type').fill('test');
    await page.getByLabel('Event (JSON)').fill('[1]');
    await page.getByText('An event is a JSON object').waitFor();
    expect(await button('Send').isDisabled()).toBe(true);
    await page.getByLabel('Event (JSON)').fill('{"celsius": 20.5}');
    await button('Send').click();
    await page.getByText(/client-02: event stored as #\d+/).waitFor();
    const data = expect.objectContaining({ celsius: 20.5 }) as object;
    expect(host.vigil.published).toContainEqual(
      expect.objectContaining({ kind: 'event', clientId: 'client-02', type: 'test', data }),
    );
    await button('fire test alert for client-02').click();
    await expect.poll(() => newestAlert('client-02').innerText(), patient).toContain('A test alert.');
    expect(problems).toEqual([]);
  });

  test('a lost connection is shown, and the page catches up after the reconnect', async (test) => {
    const { host, page } = await open(test);
    await host.restartApi(async () => {
      await page.getByText('Reconnecting …').waitFor();
      await page.getByText('No response yet').waitFor();
      await host.vigil.deps.rules.put({ ...ALL_STOPPED_RULE, name: 'Renamed meanwhile' });
    });
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByText('All parts are up').waitFor();
    await page.getByText('Renamed meanwhile').waitFor();
  });

  test('errors are shown', async (test) => {
    const { host, page, button } = await open(test);
    await host.restartApi(async () => {
      await button('fire test alert for client-01').click();
      await page.getByText('vigil does not answer. Check that it is running.').waitFor();
    });
  });
});

describe.concurrent('without the simulator', () => {
  test('machines appear with their events, without buttons', async (test) => {
    const { expect } = test;
    const { host, problems, button, machine, stateOf, newestAlert } = await open(test, { simulator: false });
    const answer = await fetch(`${host.url}/api/clients/client-03/events/status`, {
      method: 'POST',
      body: JSON.stringify({ machineId: 'press-7', state: 'running' }),
    });
    expect(answer.status).toBe(202);
    await expect.poll(() => stateOf('client-03', 'press-7'), patient).toBe('running');
    expect(await machine('client-03', 'press-7').getByRole('button').count()).toBe(0);
    expect(await button('stop all machines of client-03').count()).toBe(0);
    await button('fire test alert for client-03').click();
    await expect.poll(() => newestAlert('client-03').innerText(), patient).toContain('A test alert.');
    expect(problems).toEqual([]);
  });

  test('event data is shown as text, never as HTML', async (test) => {
    const { expect } = test;
    const { host, page, problems } = await open(test, { simulator: false });
    const name = '<img src=x onerror=alert(1)>';
    await host.vigil.deps.events.publish('client-01', 'status', { machineId: name, state: 'stopped' });
    await page.getByText(name).waitFor();
    expect(await page.getByTestId('client-01').locator('img').count()).toBe(0);
    expect(problems).toEqual([]);
  });
});

test.concurrent('health shows the part that is down', async (test) => {
  const { expect } = test;
  const { host, page } = await open(test);
  host.vigil.health.status = 'down';
  host.vigil.health.parts['nats'] = { state: 'down', detail: 'connection refused' };
  await page.getByText('A part is down').waitFor();
  expect(await page.getByTitle('down: connection refused').innerText()).toContain('nats');
});

test.concurrent('degraded reasons are shown with advice, until they are resolved', async (test) => {
  const { expect } = test;
  const { host, page } = await open(test);
  const { health } = host.vigil;
  health.status = 'degraded';
  health.parts['nats'] = { state: 'degraded' };
  health.reasons = [
    {
      part: 'nats',
      code: 'ALERTS_NOT_PUBLISHED',
      message: 'Alerts cannot be published: maximum messages exceeded.',
      since: '2026-01-01T00:00:00Z',
      fields: {},
    },
  ];
  health.reasonCount = 3;
  await page.getByText('Needs attention').waitFor();
  const reasons = page.getByRole('list', { name: 'degraded reasons' });
  expect(await reasons.innerText()).toMatch(/ALERTS_NOT_PUBLISHED Alerts cannot be published[^]*and 2 more/);
  health.status = 'ok';
  health.reasons = [];
  await page.getByText('All parts are up').waitFor();
  expect(await reasons.count()).toBe(0);
});

describe('with a login', () => {
  const ADMIN = 'token-of-the-environment';

  test('asks for a token, shows who is logged in, and logs out; scripts cannot read the session', async ({
    expect,
    onTestFinished,
  }) => {
    const host = await startConsoleHost({ adminToken: ADMIN });
    onTestFinished(() => host.stop());
    const { page, problems, close } = await openPage(host.url, 'Log in');
    onTestFinished(close);
    const logIn = async (token: string): Promise<void> => {
      await page.getByLabel('Token').fill(token);
      await page.getByRole('button', { name: 'Log in' }).click();
    };

    await logIn('wrong');
    await page.getByRole('alert').filter({ hasText: 'needs a valid token' }).waitFor();
    expect(await page.getByTestId('client-01').count()).toBe(0);
    await logIn(ADMIN);
    await page.getByTestId('client-01').waitFor();
    expect(await page.locator('.account').innerText()).toMatch(/VIGIL_ADMIN_TOKEN\s*admin/);
    expect(await page.evaluate('document.cookie')).toBe('');

    await page.reload();
    await page.getByTestId('client-01').waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Token').waitFor();
    expect(await page.getByTestId('client-01').count()).toBe(0);
    // The browser reports the refused login.
    expect(problems).toEqual([expect.stringContaining('401')]);
  });
});
