import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import { openPage } from '../support/browser/browser.ts';
import { startTestServers, type TestServers } from '../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../support/vigil/vigil.ts';
import { alertOf, machineRule } from '../api/fakes/fake-ports.ts';
import { startConsoleHost } from './console-host.ts';
import { manyPartitions } from './fake-partitions.ts';

const patient = { timeout: 30_000 };

const hot = (gt: number): Rule => ({
  id: 'too-hot',
  clientId: 'client-03',
  name: 'Machine too hot',
  where: [{ property: 'type', equals: 'temperature' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'each', having: { calc: 'latest', property: 'celsius', gt } },
  severity: 'critical',
  labels: { team: 'ops' },
});

describe('with all of vigil', () => {
  let servers: TestServers;
  let vigil: TestVigil;
  beforeAll(async () => {
    servers = await startTestServers();
    vigil = await startVigil({ servers });
  });
  afterAll(async () => {
    await vigil.stop();
    await servers.stop();
  });
  const send = async (machineId: string, celsius: number): Promise<void> => {
    const answer = await fetch(`${vigil.app.url}/api/clients/client-03/events/temperature`, {
      method: 'POST',
      body: JSON.stringify({ machineId, celsius }),
    });
    expect(answer.status).toBe(202);
  };

  test('a rule is found in the list, explains itself, is paused and resumed, changed and rolled back, and reset', async () => {
    await vigil.put(hot(80));
    const { page, problems, close } = await openPage(`${vigil.app.url}/rules`, 'Machine too hot');
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const dialog = page.getByRole('dialog');
    const notice = page.getByRole('status', { name: 'notice' });
    const row = page.getByRole('row', { name: /Machine too hot/ });
    await expect
      .poll(() => row.innerText(), patient)
      .toMatch(/inactive\s+Machine too hot too-hot\s+client-03\s+critical/);

    // The filter is in the address.
    await button('inactive 1').click();
    await page.getByRole('searchbox', { name: 'search rules' }).fill('no such rule');
    await page.getByText('No rule is like this.').waitFor();
    expect(new URL(page.url()).search).toBe('?status=inactive&text=no+such+rule');
    await button('Show all rules').click();

    // Before its first event, it says why there is nothing.
    await page.getByRole('link', { name: 'Machine too hot' }).click();
    const explanation = page.getByRole('complementary', { name: 'explanation' });
    await expect.poll(() => explanation.innerText(), patient).toContain('The stream has no events of the client.');

    // An explanation follows the events.
    await send('m1', 70);
    await page.getByRole('button', { name: 'machineId=m1' }).click(patient);
    await expect
      .poll(() => explanation.innerText(), patient)
      .toMatch(/Condition: no\s+latest\(celsius\) gt 80: no \(is 70/);
    await send('m1', 95);
    await expect.poll(() => explanation.innerText(), patient).toMatch(/Its alert is firing[^]*\(is 95/);
    await expect
      .poll(() => page.getByRole('row', { name: /machineId=m1/ }).innerText(), patient)
      .toMatch(/firing\s+holds\s*critical\s+95/);
    await expect.poll(() => page.getByLabel('the rule', { exact: true }).innerText(), patient).toContain('firing');
    expect(await page.getByRole('link', { name: 'Temporal UI ↗' }).count()).toBe(0);

    // Pause with a note, and resume without the state.
    await button('Pause …').click();
    await dialog.getByLabel('Why (optional)').fill('cleaning');
    await dialog.getByRole('button', { name: 'Pause' }).click();
    await page.getByText(/Paused since .*\(cleaning\)/).waitFor();
    await button('Resume …').click();
    await dialog.getByLabel('Afresh').check();
    await dialog.getByRole('button', { name: 'Resume' }).click();
    await notice.getByText('too-hot is resumed.').waitFor();
    await button('Pause …').waitFor();

    // A new version; the way back says before what it does.
    await vigil.put(hot(90));
    const versions = page.getByRole('region', { name: 'versions' }).last();
    const compare = versions.getByRole('button', { name: /^compare/ });
    await expect.poll(() => compare.count(), patient).toBe(3);
    await compare.last().click();
    await expect
      .poll(() => page.getByRole('list', { name: 'difference' }).innerText())
      .toMatch(/removed:\s+gt: 80[^]*added:\s+gt: 90/);
    await versions
      .getByRole('button', { name: /^roll back/ })
      .last()
      .click();
    await dialog.getByRole('list', { name: 'what it does' }).waitFor();
    expect(await dialog.getByRole('list', { name: 'what changes' }).innerText()).toMatch(/gt: 90[^]*gt: 80/);
    await dialog.getByRole('button', { name: 'Roll back' }).click();
    await versions.getByText(/rolled back to \d+/).waitFor();

    // A dry run says what a reset resets.
    await send('m1', 96);
    await page.getByRole('row', { name: /machineId=m1.*96/ }).waitFor(patient);
    await button('Reset …').click();
    await dialog.getByRole('list', { name: 'what it resets' }).waitFor();
    await dialog.getByRole('button', { name: 'Reset 1 set' }).click();
    await notice.getByText('too-hot is being rebuilt').waitFor();

    // Disabling says that its alerts resolve.
    await button('Disable …').click();
    await dialog.getByText(/alerts? .*resolve/).waitFor();
    await dialog.getByRole('button', { name: 'Disable' }).click();
    await button('Enable …').waitFor();
    await page.getByLabel('the rule', { exact: true }).getByText('disabled').waitFor();
    await page.getByText('A disabled rule has none.').waitFor(patient);
    // Without a partition set, vigil says why in an error, which the browser logs.
    expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
    await close();
  });
});

describe('with fake ports', () => {
  test('a viewer is not offered what it may not do, an operator may pause, an editor may disable and roll back', async ({
    onTestFinished,
  }) => {
    const host = await startConsoleHost({ adminToken: 'token-of-the-environment', simulator: false });
    onTestFinished(() => host.stop());
    const { clientId, id } = machineRule('client-01', 'all-machines-stopped');
    await host.vigil.deps.rules.put(machineRule(clientId, id, 'any'));
    manyPartitions(host.vigil, 3);
    const offered: Record<string, string[]> = {};
    const { page, problems, close } = await openPage(`${host.url}/rules/${clientId}/${id}`, 'Log in');
    onTestFinished(close);
    // The first token has to be an admin's.
    for (const role of ['admin', 'editor', 'operator', 'viewer'] as const) {
      const answer = await fetch(`${host.url}/api/tokens`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer token-of-the-environment' },
        body: JSON.stringify({ name: role, role }),
      });
      const { token } = (await answer.json()) as { token: string };
      await page.getByLabel('Token').fill(token);
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('button', { name: /^compare version/ }).waitFor();
      const buttons = await page.getByRole('button', { name: /…$|^roll back/ }).all();
      offered[role] = await Promise.all(buttons.map((each) => each.innerText()));
      await page.getByRole('button', { name: 'Log out' }).click();
    }
    // Requests that were on their way when the user logged out are refused.
    expect(problems.filter((problem) => !problem.includes('401'))).toEqual([]);
    expect(offered).toEqual({
      viewer: [],
      operator: ['Pause …'],
      editor: ['Pause …', 'Disable …', 'Roll back …'],
      admin: ['Pause …', 'Disable …', 'Reset …', 'Roll back …'],
    });
  });

  test('a version that is newer than what the page knows of the rule is the one that others are compared with', async ({
    onTestFinished,
  }) => {
    const host = await startConsoleHost({ simulator: false });
    onTestFinished(() => host.stop());
    const { clientId, id } = machineRule('client-01', 'all-machines-stopped');
    const { page, problems, close } = await openPage(`${host.url}/rules`, 'all-machines-stopped');
    onTestFinished(close);
    const known = await (await fetch(`${host.url}/api/clients/${clientId}/rules/${id}`)).text();
    await page.route(`**/api/clients/${clientId}/rules/${id}`, (route) =>
      route.fulfill({ body: known, contentType: 'application/json' }),
    );
    await host.vigil.deps.rules.put(machineRule(clientId, id, 'any'));
    await page.goto(`${host.url}/rules/${clientId}/${id}`);
    await page.getByRole('button', { name: 'compare version 1' }).click();
    await expect
      .poll(() => page.getByRole('list', { name: 'difference' }).innerText(), patient)
      .toMatch(/removed:\s+type: all[^]*added:\s+type: any/);
    // No event came: it has no partition set to explain.
    expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
  });

  test('of 10,000 partitions, only those that are visible are in the document', async ({ onTestFinished }) => {
    const host = await startConsoleHost({ simulator: false });
    onTestFinished(() => host.stop());
    manyPartitions(host.vigil, 10_000);
    const { page, problems, close } = await openPage(`${host.url}/rules/client-01/all-machines-stopped`, 'Now');
    onTestFinished(close);
    const table = page.getByRole('region', { name: 'partitions', exact: true });
    await table.getByRole('button', { name: 'machineId=m00000' }).waitFor();
    const rowsInDocument = (): Promise<number> => table.locator('.row').count();
    expect(await rowsInDocument()).toBeLessThan(60);

    await expect
      .poll(
        async () => {
          await table.press('End');
          return table.getByRole('button', { name: 'machineId=m09999' }).count();
        },
        { timeout: 90_000 },
      )
      .toBe(1);
    expect(await rowsInDocument()).toBeLessThan(60);
    expect(await table.getByRole('table').getAttribute('aria-rowcount')).toBe('10001');

    // The arrow keys go on where the mouse was.
    await table.getByRole('button', { name: 'machineId=m09998' }).focus();
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('machineId=m09999');
    expect(problems).toEqual([]);
  });

  test('10,000 rules are searched, with only the visible ones in the document, and each says when it fired last', async ({
    onTestFinished,
  }) => {
    const host = await startConsoleHost({ simulator: false });
    onTestFinished(() => host.stop());
    for (let index = 0; index < 10_000; index += 1)
      await host.vigil.deps.rules.put(machineRule('client-01', `rule-${String(index).padStart(5, '0')}`));
    const startsAt = new Date(Date.now() - 3 * 3_600_000).toISOString();
    host.vigil.alerts.add(
      'old',
      alertOf({ clientId: 'client-01', ruleId: 'rule-09998', startsAt, status: 'resolved' }),
    );
    // The newest alerts of the client are all of another rule.
    for (let index = 0; index < 600; index += 1)
      host.vigil.alerts.add(
        `new-${index}`,
        alertOf({ clientId: 'client-01', ruleId: 'rule-00000', status: 'resolved' }),
      );
    const { page, problems, close } = await openPage(`${host.url}/rules`, '10001 rules');
    onTestFinished(close);
    const table = page.getByRole('region', { name: 'rules', exact: true });
    expect(await table.locator('.row').count()).toBeLessThan(60);
    await page.getByRole('searchbox', { name: 'search rules' }).fill('rule-09998');
    await page.getByText('1 of 10001 rules').waitFor();
    await expect.poll(() => table.getByRole('row', { name: /rule-09998/ }).innerText(), patient).toContain('3 h ago');
    expect(problems).toEqual([]);
  });

  test('without rules, the page shows how to create one', async ({ onTestFinished }) => {
    const host = await startConsoleHost({ simulator: false });
    onTestFinished(() => host.stop());
    await host.vigil.deps.rules.delete('client-01', 'all-machines-stopped');
    const { page, problems, close } = await openPage(`${host.url}/rules`, 'No rules yet');
    onTestFinished(close);
    const yaml = await page.getByLabel('the rule', { exact: true }).innerText();
    await page.getByText(`curl -X PUT ${host.url}/api/clients/`).waitFor();
    const answer = await fetch(`${host.url}/api/clients/client-03/rules/too-hot`, { method: 'PUT', body: yaml });
    expect(answer.status).toBe(201);
    await page.reload();
    await page.getByRole('link', { name: 'Machine too hot' }).waitFor();
    expect(problems).toEqual([]);
  });
});
