import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { openPage } from '../support/browser/browser.ts';
import { npmStart } from '../support/vigil/npm-start.ts';

const TOKEN = 'the-token-of-the-first-admin';
const PATIENT = { timeout: 30_000 };
/** In the rule, which its workflow has as input. */
const PLAIN = 'All machines stopped';
const ENCRYPTED = Buffer.from('binary/encrypted').toString('base64');

test("Temporal's UI decrypts what it shows for who is logged in to vigil, and for nobody else", async () => {
  const vigil = await npmStart({
    VIGIL_ENCRYPTION_KEYS: `2026-11:${randomBytes(32).toString('base64')}`,
    VIGIL_ADMIN_TOKEN: TOKEN,
  });
  onTestFinished(() => vigil.stop());
  const { page, close } = await openPage(`${vigil.temporalUi}/namespaces/default/workflows`, 'Today');
  onTestFinished(close);
  const open = async (): Promise<void> => {
    await page.goto(`${vigil.temporalUi}/namespaces/default/workflows`);
    await page.getByRole('link', { name: 'all-machines-stopped' }).click();
  };
  const shown = (): Promise<string[]> => page.locator('.cm-content').allTextContents();

  await open();
  await expect.poll(async () => (await shown()).join(), PATIENT).toContain(ENCRYPTED);
  expect((await shown()).join()).not.toContain(PLAIN);

  await page.request.post(`${vigil.url}/api/session`, { data: { token: TOKEN } });
  await page.getByTestId(/^data-encoder-status/).click();
  await page.getByRole('button', { name: 'Use Cluster-level setting' }).click();
  await page.getByText('Use my browser setting').click();
  await page.getByRole('button', { name: 'Use my browser setting' }).click();
  await page.getByPlaceholder('Paste your endpoint here').fill(`${vigil.url}/api/codec`);
  await page.getByText('Include cross-origin credentials').click();
  await page.getByRole('button', { name: 'Apply' }).click();
  await open();
  await expect.poll(async () => (await shown()).join(), PATIENT).toContain(PLAIN);
  expect((await shown()).join()).not.toContain(ENCRYPTED);
}, 180_000);
