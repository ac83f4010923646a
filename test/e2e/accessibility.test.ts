import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { alertOf } from '../api/fakes/fake-ports.ts';
import { deadLetter } from '../api/fakes/fake-dead-letters.ts';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import { openConsole } from '../support/browser/browser.ts';
import { startConsoleHost, type ConsoleHost } from './console-host.ts';
import { manyPartitions } from './fake-partitions.ts';

const ALERT = 'q1Xz0Tn0nQ6cJm3m0b8nVg';

/** Every page of the console, with what its heading says, and what it shows once it has loaded. Add yours. */
const PAGES: [path: string, heading: string, text?: string][] = [
  ['/', 'Machines'],
  ['/alerts', 'Alerts'],
  ['/alerts?state=all&group=rule', 'Alerts'],
  [`/alerts/client-01/${ALERT}`, 'm1 is at 95 °C'],
  ['/alerts/client-01/q1Xz0Tn0nQ6cJm3m0b8nVh', 'Alert of client-01'],
  ['/rules', 'Rules'],
  ['/rules/client-01/all-machines-stopped', 'All machines stopped'],
  ['/rules/client-01/nothing', 'nothing'],
  ['/rules/new', 'New rule', 'A machine went silent'],
  ['/rules/new?template=above&client=client-01', 'New rule', '✓ The rule is valid'],
  ['/rules/client-01/all-machines-stopped/edit', 'Edit all-machines-stopped', '✓ The rule is valid'],
  ['/system', 'System'],
  ['/system/dead-letters', 'Dead letters'],
  ['/system/dead-letters?show=17', 'Dead letters'],
  ['/system/audit', 'Audit'],
  ['/system/quotas', 'Quotas'],
  ['/system/tokens', 'Tokens'],
  ['/system/nothing', 'This page does not exist'],
];

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const SERIOUS = ['serious', 'critical'];

/** What axe finds wrong, as `rule: elements`. The policy of the page allows no scripts of others, so it is evaluated. */
async function problemsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => SERIOUS.includes(impact ?? ''))
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join(' | ')}`,
    );
}

/** Something on every page. */
async function fill({ vigil, url }: ConsoleHost): Promise<void> {
  vigil.deadLetters.stored.set(17, deadLetter(17, { bytes: '{"not": json' }));
  await vigil.deps.rules.put(HOT);
  fireAlert(vigil);
  manyPartitions(vigil, 3);
  vigil.health.status = 'degraded';
  vigil.health.parts['worker'] = { state: 'degraded' };
  vigil.health.reasons = [
    {
      ...{ part: 'worker', code: 'SET_HELD', message: 'The events of a partition set wait.', fields: {} },
      since: '2026-01-01T00:00:00Z',
    },
  ];
  vigil.health.reasonCount = 1;
  const create = (name: string): Promise<Response> =>
    fetch(`${url}/api/tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN}` },
      body: JSON.stringify({ name, role: 'viewer' }),
    });
  expect([(await create('ana')).status, (await create('')).status]).toEqual([201, 400]);
}

const HOT: Rule = {
  id: 'hot',
  clientId: 'client-01',
  where: [{ property: 'type', equals: 'temperature' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'each', having: { calc: 'latest', property: 'celsius', gt: 80 } },
};

/** An alert with evidence that somebody has acknowledged and snoozed. */
function fireAlert({ alerts, archive }: ConsoleHost['vigil']): void {
  const partition = { machineId: 'a-machine-with-a-rather-long-name-of-the-second-hall' };
  const [at, until] = ['2026-01-01T00:00:00.000Z', '2099-01-01T00:00:00.000Z'];
  const data = { ...{ clientId: 'client-01', ruleId: 'hot', partition }, message: 'm1 is at 95 °C' };
  const item = { partition, sequence: 1, time: at, value: 95.5 };
  alerts.add(ALERT, alertOf({ ...data, evidence: { items: [item, { ...item, sequence: 2 }], total: 7 } }));
  const acknowledged = { by: 'ana', at, note: 'on it' };
  const snoozed = { by: 'ana', at, until };
  for (const celsius of [70, 90]) archive.store('client-01', 'temperature', { ...partition, celsius });
  alerts.add(ALERT, {
    ...alertOf({ ...data, status: 'snoozed', action: snoozed, acknowledged, snoozed, message: 'Snoozed by ana' }),
    id: 'client-01/hot/1/snoozed',
  });
}

const ADMIN = 'token-of-the-environment';

test.each([
  ['light', 1440],
  ['dark', 1440],
  ['light', 375],
  ['dark', 375],
] as const)('axe finds nothing serious on any page: %s, %i px wide', async (colorScheme, width) => {
  const host = await startConsoleHost({ adminToken: ADMIN });
  onTestFinished(() => host.stop());
  await fill(host);
  const { page, close } = await openConsole(host.url, ADMIN);
  onTestFinished(close);
  // Colours that are on their way to others have neither contrast.
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.setViewportSize({ width, height: 800 });
  for (const [path, heading, text] of PAGES) {
    await page.goto(`${host.url}${path}`);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('heading', { level: 1, name: heading, includeHidden: true }).waitFor();
    await page.getByRole('link', { name: 'Needs attention' }).waitFor();
    await expect.poll(() => page.evaluate('document.styleSheets.length')).toBeGreaterThan(0);
    await expect.poll(() => page.locator('main').innerText()).not.toMatch(/^$|Loading …|Reading the|Asking/);
    if (path.endsWith(ALERT)) await page.getByRole('img', { name: /^celsius from/ }).waitFor();
    if (text !== undefined) await page.getByText(text).waitFor();
    expect.soft(await problemsOf(page), `${path} ${colorScheme} ${width}`).toEqual([]);
    expect.soft(await page.evaluate('document.documentElement.scrollWidth'), `${path} is too wide`).toBe(width);
  }
});

test('axe finds nothing serious on the login', async () => {
  const host = await startConsoleHost({ adminToken: ADMIN });
  onTestFinished(() => host.stop());
  const { page, close } = await openConsole(host.url, ADMIN);
  onTestFinished(close);
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByLabel('Token').waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect.soft(await problemsOf(page), colorScheme).toEqual([]);
  }
});
