import { expect, onTestFinished, test } from 'vitest';
import { openPage } from '../support/browser/browser.ts';
import { startConsoleHost } from './console-host.ts';

test('the page of the API shows its operations and sends requests, with nothing from other hosts', async () => {
  const host = await startConsoleHost({ simulator: false });
  onTestFinished(() => host.stop());
  const { page, problems, hosts, close } = await openPage(`${host.url}/api/docs`, 'List clients');
  onTestFinished(close);

  const listClients = page.locator('#operations-Clients-listClients');
  await listClients.getByRole('button').first().click();
  await listClients.getByText('The clients that have rules or simulated machines, by id.').waitFor();
  await listClients.getByRole('button', { name: 'Execute' }).click();
  await listClients.locator('.live-responses-table').getByText('"client-01"').waitFor();

  const putRule = page.locator('#operations-Rules-putRule');
  await putRule.getByRole('button').first().click();
  await putRule.locator('option[value="application/yaml"]').waitFor({ state: 'attached' });
  expect(problems).toEqual([]);
  expect([...hosts]).toEqual([new URL(host.url).host]);
});
