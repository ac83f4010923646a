import { statSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { packagePath } from '../../src/api/package-files.ts';
import { openConsole } from '../support/browser/browser.ts';
import { playScene } from './scene.ts';
import { npmStart } from '../support/vigil/npm-start.ts';

const SIZE = { width: 1280, height: 800 };
const MOST_BYTES = 150_000;

test('takes a picture of each page, light and dark', async () => {
  const vigil = await npmStart();
  onTestFinished(() => vigil.stop());
  const { alertPath } = await playScene(vigil.url);
  /** Each page, and what is there when all of it is. */
  const pages: [name: string, path: string, selector: string][] = [
    ['machines', '/', '.machine[data-state="running"] >> nth=6'],
    ['alerts', '/alerts?client=client-03', 'text=The fan is on its way.'],
    ['alert', alertPath, '.value-chart canvas'],
    ['rules', '/rules', 'text=Machine too hot'],
    ['rule', '/rules/client-03/too-hot', 'text=machineId=oven-2'],
    ['editor', '/rules/client-03/too-hot/edit', 'text=✓ The rule is valid'],
    ['system', '/system', '.tile:first-child >> text=/\\d/'],
  ];

  const { page, problems, close } = await openConsole(vigil.url);
  onTestFinished(close);
  await page.setViewportSize(SIZE);
  for (const [name, path, selector] of pages) {
    await page.goto(`${vigil.url}${path}`);
    await page.locator('main').locator(selector).first().waitFor({ timeout: 60_000 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const file = packagePath(`docs/images/${name}-${colorScheme}.png`);
      await page.screenshot({ path: file, animations: 'disabled' });
      expect.soft(statSync(file).size, file).toBeLessThan(MOST_BYTES);
    }
  }
  expect(problems).toEqual([]);
});
