import { expect, onTestFinished, test } from 'vitest';
import { openConsole } from '../support/browser/browser.ts';
import { alertOf } from '../api/fakes/fake-ports.ts';
import { startConsoleHost } from './console-host.ts';

async function open() {
  const host = await startConsoleHost({ simulator: false });
  onTestFinished(() => host.stop());
  const opened = await openConsole(host.url);
  onTestFinished(opened.close);
  return opened;
}

test('a link of the navigation opens a page, moves focus to its heading, and names the tab', async () => {
  const { page, problems } = await open();
  await expect.poll(() => page.title()).toBe('Machines · vigil');
  await page.getByRole('navigation', { name: 'pages' }).getByRole('link', { name: 'System' }).click();
  await page.getByRole('heading', { level: 1, name: 'System' }).waitFor();
  await expect.poll(() => page.title()).toBe('System · vigil');
  await expect.poll(() => page.locator('h1:focus').innerText()).toBe('System');
  expect(problems).toEqual([]);
});

test('the first Tab offers to skip to the content', async () => {
  const { page } = await open();
  await page.keyboard.press('Tab');
  expect(await page.locator(':focus').innerText()).toBe('Skip to content');
  await page.keyboard.press('Enter');
  expect(await page.locator('h1:focus').innerText()).toBe('Machines');
});

test('? lists the keyboard shortcuts, and Escape closes the list', async () => {
  const { page } = await open();
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await page.keyboard.press('?');
  await help.waitFor();
  expect(await help.innerText()).toMatch(/\?\s+Show this list/);
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'hidden' });
});

test('a page that cannot be loaded says so, and the frame stays', async () => {
  const { page } = await open();
  await page.route('**/assets/system-page-*.js', (route) => route.abort());
  await page.getByRole('link', { name: 'System' }).click();
  await page.getByRole('heading', { name: 'This page did not load' }).waitFor();
  await page.unroute('**/assets/system-page-*.js');
  await page.getByRole('button', { name: 'Load again' }).click();
  await page.getByRole('heading', { level: 1, name: 'System' }).waitFor();
});

test('after a lost connection, a page shows what it has missed, without a reload and without a gap', async () => {
  const host = await startConsoleHost({ simulator: false });
  onTestFinished(() => host.stop());
  const { page, close } = await openConsole(`${host.url}/alerts`);
  onTestFinished(close);
  await page.getByRole('heading', { name: 'Nothing fires' }).waitFor();
  await page.evaluate('window.sameDocument = true');
  const data = { clientId: 'client-01', ruleId: 'hot' };
  await host.restartApi(async () => {
    await page.getByText('Reconnecting …').waitFor();
    host.vigil.alerts.add('missed-missed-missed-0', alertOf({ ...data, message: 'Fired meanwhile' }));
  });
  await page.getByText('Live', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Fired meanwhile' }).waitFor();
  // And it goes on.
  host.vigil.alerts.add('later-later-later-la-0', alertOf({ ...data, message: 'Fired later', episode: 2 }));
  host.vigil.send({ kind: 'alert', sequence: 1, alert: alertOf({ ...data, episode: 2 }) });
  await page.getByRole('link', { name: 'Fired later' }).waitFor();
  expect(await page.evaluate('window.sameDocument')).toBe(true);
});

test('names of any length fit into the window of a phone', async () => {
  const host = await startConsoleHost({ simulator: false, adminToken: 'token-of-the-environment' });
  onTestFinished(() => host.stop());
  const login = async (token: string): Promise<string> =>
    (
      (await (
        await fetch(`${host.url}/api/tokens`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}` },
          body: JSON.stringify({
            name: 'a-very-long-name-'.repeat(3),
            role: 'viewer',
            clientId: 'client-'.repeat(8) + '1',
          }),
        })
      ).json()) as { token: string }
    ).token;
  const { page, close } = await openConsole(host.url, await login('token-of-the-environment'));
  onTestFinished(close);
  await page.setViewportSize({ width: 375, height: 700 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375);
});
