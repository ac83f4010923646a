import { hostname } from 'node:os';
import type { Page } from 'playwright-core';
import { connect, type NatsConnection } from 'nats';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openConsole } from '../support/browser/browser.ts';
import { fileServers } from '../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../support/vigil/vigil.ts';

const ADMIN = 'token-of-the-environment';
const authorization = `Bearer ${ADMIN}`;
const CLIENT = 'client-01';
const patient = { timeout: 30_000 };
const servers = await fileServers();

describe('with all of vigil', () => {
  let vigil: TestVigil;
  let nats: NatsConnection;
  beforeAll(async () => {
    vigil = await startVigil({ servers, env: { VIGIL_ADMIN_TOKEN: ADMIN } });
    nats = await connect({ servers: servers.natsUrl });
  });
  afterAll(async () => {
    await nats.close();
    await vigil.stop();
  });

  const open = async (path: string, token = ADMIN) => {
    const { page, problems, close } = await openConsole(`${vigil.app.url}${path}`, token);
    onTestFinished(close);
    return { page, problems };
  };
  /** A new token with this role, made with the API. */
  const tokenOf = async (role: string): Promise<string> => {
    const answer = await fetch(`${vigil.app.url}/api/tokens`, {
      method: 'POST',
      headers: { authorization },
      body: JSON.stringify({ name: `a ${role}`, role }),
    });
    return ((await answer.json()) as { token: string }).token;
  };
  const sendInvalid = (payload: string): void => nats.publish(`events.${CLIENT}.status`, payload);
  const letters = (page: Page) => page.getByRole('link', { name: /^dead letter \d+$/ });

  test('health lists the parts, and the lanes with their lag', async () => {
    const { page, problems } = await open('/system');
    await page.getByRole('list', { name: 'parts' }).getByText('worker').waitFor();
    await page.getByRole('table').getByRole('rowheader', { name: '7', exact: true }).waitFor();
    await expect.poll(() => page.locator('.tile').first().innerText(), { timeout: 20_000 }).toMatch(/Events\s+[\d.]+/);
    expect(problems).toEqual([]);
  });

  test('health lists the processes with their lanes: a second one, until it has stopped', async () => {
    const { page, problems } = await open('/system');
    const rows = page.getByRole('region', { name: 'processes', exact: true }).locator('tbody tr');
    await rows.filter({ hasText: hostname() }).filter({ hasText: 'worker, subscriber, alerts' }).waitFor();
    const lanes = async (): Promise<string[]> => rows.locator('td:nth-of-type(3)').allInnerTexts();
    await expect.poll(lanes, patient).toEqual(['0–7']);
    await expect.poll(() => rows.first().innerText(), patient).toMatch(/(ago|now)\s*$/);

    const second = await startVigil({ servers, env: { VIGIL_ADMIN_TOKEN: ADMIN } });
    // Each has half of them once they have shared.
    await expect
      .poll(lanes, patient)
      .toSatisfy((texts: string[]) => texts.length === 2 && !texts.includes('0–7') && !texts.includes('–'));
    await second.stop();
    await expect.poll(lanes, patient).toEqual(['0–7']);
    expect(problems).toEqual([]);
  });

  test('a viewer sees no processes', async () => {
    const { page } = await open('/system', await tokenOf('viewer'));
    await page.getByRole('region', { name: 'lanes', exact: true }).waitFor();
    expect(await page.getByRole('heading', { name: 'Processes' }).count()).toBe(0);
  });

  test('an admin sets the quotas of a client, and takes one back', async () => {
    const having = { calc: 'latest', property: 'a', equals: 1 };
    const where = [{ property: 'type', equals: 'a' }];
    const rule = { id: 'many', clientId: CLIENT, where, evaluate: { type: 'any', having } };
    const answer = await fetch(`${vigil.app.url}/api/clients/${CLIENT}/rules/many`, {
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(rule),
    });
    expect(answer.status).toBe(201);
    const { page, problems } = await open(`/system/quotas?client=${CLIENT}`);
    const row = page.getByRole('row', { name: CLIENT });
    const change = async (rules: string): Promise<void> => {
      await page.getByRole('button', { name: `change the quotas of ${CLIENT}` }).click();
      await page.getByLabel('Rules', { exact: true }).fill(rules);
      await page.getByRole('button', { name: 'Set' }).click();
    };
    await change('500');
    await expect.poll(() => row.innerText()).toMatch(/client-01\s+500\s+none default/);
    await page.reload();
    await expect.poll(() => row.innerText()).toMatch(/client-01\s+500\s+none default/);
    await change('');
    await expect.poll(() => row.innerText()).toMatch(/client-01\s+none default/);
    expect(problems).toEqual([]);
  });

  test('an invalid event becomes a dead letter: the page shows why, refuses a replay while it is invalid, and drops it', async () => {
    const { page, problems } = await open('/system/dead-letters?client=client-01');
    await page.getByText('No dead letter has this client and reason.').waitFor();
    sendInvalid('<b>no json</b>');
    // The page asks every 10 seconds; r asks at once.
    await page.keyboard.press('r');
    await letters(page).first().waitFor({ timeout: 30_000 });
    await letters(page).first().click();
    const dialog = page.getByRole('dialog', { name: /^Dead letter/ });
    expect(await dialog.getByRole('region', { name: 'event' }).innerText()).toBe('<b>no json</b>');
    expect(await dialog.innerText()).toMatch(/json[^]*Mend the sender/);

    await dialog.getByRole('button', { name: 'Replay 1' }).click();
    await page.getByRole('dialog', { name: 'Replay 1 dead letter?' }).getByRole('button', { name: 'Replay 1' }).click();
    await page.getByText(/0 dead letters replayed\. 1 not: .*/).waitFor();
    expect(await letters(page).count()).toBe(1);

    await page.getByRole('checkbox', { name: /^choose dead letter/ }).check();
    await page.getByRole('button', { name: 'Drop 1' }).click();
    await page.getByRole('dialog', { name: 'Drop 1 dead letter?' }).getByRole('button', { name: 'Drop 1' }).click();
    await page.getByText('1 dead letter dropped.').waitFor();
    await letters(page).first().waitFor({ state: 'detached' });
    // The browser reports the refused replay.
    expect(problems).toEqual([expect.stringContaining('400')]);

    await page.getByRole('link', { name: 'Audit' }).click();
    const row = (text: string) => page.getByRole('row').filter({ hasText: text });
    await row('Drop dead letter').filter({ hasText: CLIENT }).filter({ hasText: 'ok' }).waitFor();
    await row('Replay dead letter').filter({ hasText: 'EVENT_INVALID' }).waitFor();
    await page.getByLabel('Action').selectOption('dropDeadLetter');
    await row('Replay dead letter').waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?action=dropDeadLetter');
  });

  test('an event of the future is replayed once its time has come', async () => {
    const client = 'client-02';
    const { page } = await open(`/system/dead-letters?client=${client}&reason=future`);
    await page.getByText('No dead letter has this client and reason.').waitFor();
    // vigil refuses events that are more than 5 minutes ahead: this one is so for two more seconds.
    const time = new Date(Date.now() + 302_000).toISOString();
    nats.publish(`events.${client}.status`, JSON.stringify({ time, state: 'stopped' }));
    await letters(page).first().waitFor({ timeout: 30_000 });
    await expect.poll(() => Date.now(), { timeout: 10_000 }).toBeGreaterThan(Date.parse(time) - 300_000);
    await page.getByRole('checkbox', { name: 'choose all dead letters that are shown' }).check();
    await page.getByRole('button', { name: 'Replay 1' }).click();
    await page.getByRole('dialog', { name: 'Replay 1 dead letter?' }).getByRole('button', { name: 'Replay 1' }).click();
    await page.getByText('1 dead letter replayed.').waitFor();
    await page.getByText('No dead letter has this client and reason.').waitFor();
  });

  test('a token is created, shown once and used, and lets nobody in after it is revoked', async () => {
    const { page, problems } = await open('/system/tokens');
    await page.getByLabel('Name').fill('ci');
    await page.getByLabel('Role').selectOption('viewer');
    await page.getByLabel('Client').fill(CLIENT);
    await page.getByRole('button', { name: 'Create' }).click();
    const dialog = page.getByRole('dialog', { name: 'The token ci' });
    const text = await dialog.getByLabel('token', { exact: true }).inputValue();
    const rules = (): Promise<Response> =>
      fetch(`${vigil.app.url}/api/clients/${CLIENT}/rules`, { headers: { authorization: `Bearer ${text}` } });
    expect((await rules()).status).toBe(200);
    await dialog.getByRole('button', { name: 'Done' }).click();
    expect(await page.content()).not.toContain(text);

    await page.getByRole('button', { name: 'revoke the token ci' }).click();
    const question = page.getByRole('dialog', { name: 'Revoke the token ci?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    expect((await rules()).status).toBe(200);
    await page.getByRole('button', { name: 'revoke the token ci' }).click();
    await question.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('row').filter({ hasText: 'ci' }).filter({ hasText: 'revoked' }).waitFor();
    await expect.poll(async () => (await rules()).status).toBe(401);
    expect(problems).toEqual([]);
  });

  test('a viewer sees the dead letters, but is not offered to act on them, nor the tokens', async () => {
    sendInvalid('still no json');
    const { page } = await open('/system/dead-letters', await tokenOf('viewer'));
    await letters(page).first().waitFor({ timeout: 30_000 });
    expect(await page.getByRole('checkbox').count()).toBe(0);
    await letters(page).first().click();
    const dialog = page.getByRole('dialog', { name: /^Dead letter/ });
    await dialog.getByText('Mend the sender').waitFor();
    expect(await dialog.getByRole('button').allInnerTexts()).toEqual(['Close']);
    await dialog.getByRole('button', { name: 'Close' }).click();
    const sections = page.getByRole('navigation', { name: 'sections of the system' });
    expect(await sections.getByRole('link').allInnerTexts()).toEqual(['Health', 'Dead letters', 'Audit']);
    await page.goto(`${vigil.app.url}/system/tokens`);
    await page.getByText('This page does not exist').waitFor();
  });
});
