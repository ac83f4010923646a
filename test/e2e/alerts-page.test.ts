import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import { openConsole, openPage, type OpenPage } from '../support/browser/browser.ts';
import { fileServers } from '../support/servers/servers.ts';
import { startVigil } from '../support/vigil/vigil.ts';

const servers = await fileServers();
const CLIENT = 'client-01';
const RULE: Rule = {
  id: 'stopped',
  clientId: CLIENT,
  where: [{ property: 'type', equals: 'status' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'each', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
  severity: 'critical',
  message: '{{partition.machineId}} is stopped',
};

// Before the other test, which creates tokens.
test('the chart of an alert draws what its rule calculates, not the values of the events', async () => {
  const vigil = await startVigil({ servers });
  onTestFinished(() => vigil.stop());
  const { url } = vigil.app;
  await vigil.put({
    ...RULE,
    id: 'warm',
    where: [{ property: 'type', equals: 'temperature' }],
    evaluate: { type: 'each', having: { calc: 'avg', property: 'celsius', within: '10m', gt: 80 } },
    message: '{{partition.machineId}} is warm',
  });
  const { page, problems, close } = await openConsole(`${url}/alerts`);
  onTestFinished(close);
  const send = async (celsius: number): Promise<void> => {
    const body = JSON.stringify({ machineId: 'oven-1', celsius });
    const answer = await fetch(`${url}/api/clients/${CLIENT}/events/temperature`, { method: 'POST', body });
    expect(answer.ok).toBe(true);
  };
  await send(70);
  await send(110);
  await page.getByRole('link', { name: 'oven-1 is warm' }).click();
  const chart = page.getByRole('img', {
    name: /the least is 70, the greatest 90, the last 90\. The rule compares: above 80/,
  });
  await chart.waitFor();
  expect(await chart.getAttribute('aria-label')).toMatch(/^avg\(celsius, 10m\) from/);
  await chart.locator('canvas').waitFor();
  await send(0);
  await page
    .getByRole('img', { name: /the least is 60, the greatest 90, the last 60\..* It fires from .* to / })
    .waitFor();
  expect(problems).toEqual([]);
});

test('an alert fires, is acknowledged by key with a note and snoozed, and every page shows its life; a viewer only looks', async () => {
  const vigil = await startVigil({ servers });
  onTestFinished(() => vigil.stop());
  const { url } = vigil.app;
  const post = async (path: string, body: object, token?: string): Promise<{ token?: string }> => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(answer.ok).toBe(true);
    return (await answer.json()) as { token?: string };
  };
  const opened = async (opening: Promise<OpenPage>): Promise<OpenPage> => {
    const each = await opening;
    onTestFinished(each.close);
    return each;
  };
  await vigil.put(RULE);

  const { page, problems } = await opened(openConsole(`${url}/alerts`));
  await page.getByRole('heading', { name: 'Nothing fires' }).waitFor();
  for (const machineId of ['press-1', 'press-2'])
    await post(`/api/clients/${CLIENT}/events/status`, { machineId, state: 'stopped' });
  await rowOf(page, 'press-1 is stopped').waitFor();
  await rowOf(page, 'press-2 is stopped').waitFor();

  const other = await opened(openConsole(`${url}/alerts`));
  await rowOf(other.page, 'press-1 is stopped').waitFor();
  await rowOf(page, 'press-1 is stopped').focus();
  await page.keyboard.press('n');
  await page.getByLabel('Note').fill('on it');
  await page.keyboard.press('Enter');
  await rowOf(page, 'Acknowledged by local: on it').waitFor();
  await rowOf(other.page, 'Acknowledged by local: on it').waitFor();
  expect(await rowOf(other.page, 'Acknowledged').innerText()).toContain('press-1');

  await page.keyboard.press('s');
  await page.getByRole('button', { name: '1 hour' }).click();
  await rowOf(other.page, 'Snoozed by local until').waitFor();

  await page.getByLabel('acknowledged', { exact: true }).selectOption('no');
  await rowOf(page, 'press-1').waitFor({ state: 'detached' });
  await page.reload();
  await rowOf(page, 'press-2').waitFor();
  expect(await page.locator('.alert-row').count()).toBe(1);

  // The list and the page say what the alert says, not what people did about it.
  await other.page.getByRole('link', { name: 'press-1 is stopped' }).click();
  await other.page.getByRole('heading', { level: 1, name: 'press-1 is stopped' }).waitFor();
  const life = other.page.getByRole('region', { name: 'timeline' });
  await life.getByText('by local: on it').waitFor();
  expect(await life.locator('.pill').allInnerTexts()).toEqual(['firing', 'acknowledged', 'snoozed']);
  await other.page
    .getByRole('region', { name: 'explanation' })
    .getByText(/firing/i)
    .first()
    .waitFor();
  expect(await other.page.getByRole('region', { name: 'evidence', exact: true }).innerText()).toContain(
    'machineId=press-1',
  );
  await post(`/api/clients/${CLIENT}/events/status`, { machineId: 'press-1', state: 'running' });
  await life.locator('.pill', { hasText: 'resolved' }).waitFor();
  expect(await other.page.getByRole('button', { name: 'Snooze' }).count()).toBe(0);
  expect([...problems, ...other.problems]).toEqual([]);

  const { token: admin } = await post('/api/tokens', { name: 'ana', role: 'admin' });
  const { token = '' } = await post('/api/tokens', { name: 'vera', role: 'viewer' }, admin);
  const viewer = await opened(openPage(`${url}/alerts`, 'Log in'));
  await viewer.page.getByLabel('Token').fill(token);
  await viewer.page.getByRole('button', { name: 'Log in' }).click();
  await rowOf(viewer.page, 'press-2').waitFor();
  expect(await viewer.page.locator('.alert-row :is(button, input)').count()).toBe(0);
});

const rowOf = (page: Page, text: string) => page.locator('.alert-row', { hasText: text });
