import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest';
import { openPage } from '../support/browser.ts';
import { startTestServers, type TestServers } from '../support/servers.ts';
import { startVigil, type TestVigil } from '../support/vigil.ts';
import { startConsoleHost } from './console-host.ts';

const patient = { timeout: 9_000 };

/** The parts of the editor. */
function editorOn(page: Page) {
  const code = page.getByRole('textbox', { name: 'rule as YAML' });
  const form = page.getByRole('form', { name: 'rule as a form' });
  return {
    code,
    form,
    problems: page.getByRole('list', { name: 'problems' }),
    valid: page.getByText('✓ The rule is valid'),
    effects: page.getByRole('list', { name: 'effects' }),
    preview: page.getByRole('region', { name: 'preview' }),
    notice: page.getByRole('status', { name: 'notice' }),
    button: (name: string) => page.getByRole('button', { name, exact: true }),
    /** The YAML; CodeMirror has each line in an element. */
    yaml: async (): Promise<string> => (await code.locator('.cm-line').allInnerTexts()).join('\n'),
    /** Puts the cursor at the end of the line with this text. */
    async goTo(text: string): Promise<void> {
      await code.locator('.cm-line').filter({ hasText: text }).click();
      await page.keyboard.press('End');
    },
  };
}

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
  const send = async (clientId: string, data: object): Promise<void> => {
    const answer = await fetch(`${vigil.app.url}/api/clients/${clientId}/events/temperature`, {
      method: 'POST',
      body: JSON.stringify(data),
    });
    expect(answer.status).toBe(202);
  };

  test('a rule is written from a template, mended, previewed and saved: it runs and fires; an edit says what it resets', async () => {
    const [clientId, machineId] = ['client-ed', 'm1'];
    for (const celsius of [85, 60, 91]) await send(clientId, { machineId, celsius });
    const { page, problems, close } = await openPage(`${vigil.app.url}/rules/new?client=${clientId}`, 'New rule');
    const ui = editorOn(page);
    onTestFailed(() => page.screenshot({ path: '/tmp/h/ed-fail.png', fullPage: true }).then(() => undefined));
    page.setDefaultTimeout(8000);

    await page.getByRole('link', { name: /Above a threshold/ }).click();
    await ui.valid.waitFor(patient);
    expect(new URL(page.url()).search).toBe(`?template=above&client=${clientId}`);
    expect(await ui.yaml()).toContain(`id: too-hot\nclientId: ${clientId}\n`);

    // An error is at its line, in words that say what would be valid; a click on it goes there.
    await ui.goTo('severity: warning');
    await page.keyboard.type('s');
    const problem = ui.problems.getByRole('button');
    await expect.poll(() => problem.innerText(), patient).toMatch(/Line 13\s+severity must be one of info, warning/);
    expect(await page.locator('.cm-lintRange-error').innerText()).toBe('severity: warnings');
    await page.getByLabel('Name').focus();
    await problem.click();
    await expect.poll(() => ui.code.evaluate((element) => element.matches(':focus'))).toBe(true);

    // Completion offers what is valid, and says what it means.
    await ui.goTo('severity: warnings');
    await page.keyboard.press('Shift+Home');
    await page.keyboard.type('sever');
    await page.getByRole('option', { name: 'severity' }).click();
    await page.getByRole('option', { name: 'critical' }).click();
    await expect.poll(ui.yaml).toContain('\nseverity: critical\n');
    await ui.valid.waitFor(patient);

    // Help for the word at the cursor, and for the one under the mouse.
    await ui.goTo('for: 5m');
    await page.getByText('how long the condition must hold before the alert fires').waitFor();
    await ui.code.getByText('partitionBy').hover();
    await page
      .locator('.word-help')
      .getByText(/one partition of the partition set/)
      .waitFor();

    // The form and the YAML follow each other; comments stay.
    await ui.form.getByLabel('value of condition').fill('90');
    await expect.poll(ui.yaml).toContain('having: { calc: latest, property: celsius, gt: 90 }');
    await ui.form.getByLabel('Must hold for').fill('');
    await ui.form.getByRole('button', { name: 'remove clear condition' }).click();
    await expect.poll(ui.yaml).not.toContain('for: 5m');
    expect(await ui.yaml()).toContain('# The alert resolves only below this');
    await ui.goTo('name: Machine too hot');
    await page.keyboard.type('!');
    await expect.poll(() => ui.form.getByLabel('Name', { exact: true }).inputValue()).toBe('Machine too hot!');

    // The preview says what it would have done on the events that were sent.
    await ui.valid.waitFor(patient);
    await ui.button('Preview').click();
    await ui.preview.getByText(/It would have fired once, on 3 events of which the rule reads 3/).waitFor(patient);
    const strip = ui.preview.getByRole('figure', { name: 'what would have fired' });
    expect(await strip.getByRole('listitem').innerText()).toMatch(/machineId=m1\s*once: .* until the end/);
    await ui.preview.getByText('All alerts').click();
    await ui.preview.getByRole('cell', { name: 'm1 is at 91 °C' }).waitFor();

    // Saving creates it, and it fires.
    expect(await ui.effects.innerText()).toMatch(/begin/);
    await ui.code.focus();
    await page.keyboard.press('Control+s');
    await ui.notice.getByText('too-hot is saved.').waitFor(patient);
    expect(new URL(page.url()).pathname).toBe(`/rules/${clientId}/too-hot`);
    await send(clientId, { machineId, celsius: 95 });
    await expect.poll(() => page.getByLabel('the rule', { exact: true }).innerText(), patient).toContain('firing');

    // An edit says what it resets; the preview, what differs from the version that runs.
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await expect.poll(() => ui.effects.innerText(), patient).toMatch(/same|nothing/i);
    await ui.form.getByLabel('calculation of condition').selectOption('max');
    await expect.poll(ui.yaml).toContain('calc: max');
    await expect.poll(ui.yaml).toContain('within: 5m');
    await ui.valid.waitFor(patient);
    await expect.poll(() => ui.effects.innerText(), patient).toMatch(/begins|anew/);
    await ui.form.getByLabel('value of condition').fill('80');
    await ui.valid.waitFor(patient);
    await ui.button('Preview').click();
    await ui.preview.getByText(/Compared with the running version: \d+ more alerts?/).waitFor(patient);
    expect(await ui.preview.getByRole('figure').count()).toBe(2);

    // Somebody else stores another version meanwhile.
    const other = await fetch(`${vigil.app.url}/api/clients/${clientId}/rules/too-hot`, {
      method: 'PUT',
      headers: { 'x-vigil-actor': 'ben' },
      body: `where: [{ property: type, equals: temperature }]\nevaluate: { type: any, having: { calc: count, within: 1m, gt: 3 } }`,
    });
    expect(other.status).toBe(200);
    await ui.button('Save rule').click();
    const conflict = page.getByRole('alert', { name: 'changed meanwhile' });
    await conflict.getByText('ben').waitFor(patient);
    await conflict.getByRole('button', { name: 'Compare' }).click();
    await conflict.getByRole('list', { name: 'theirs and yours' }).getByText('calc: count').waitFor();
    await conflict.getByRole('button', { name: 'Go on with mine' }).click();
    await ui.valid.waitFor(patient);
    await ui.button('Save rule').click();
    await ui.notice.getByText('too-hot is saved.').waitFor(patient);
    const stored = (await (await fetch(`${vigil.app.url}/api/clients/${clientId}/rules/too-hot`)).json()) as object;
    expect(stored).toMatchObject({ rule: { evaluate: { having: { calc: 'max', within: '5m', gt: 80 } } } });
    // What vigil refuses, the browser logs.
    expect(problems.filter((text) => !/ 4(00|12) /.test(text))).toEqual([]);
    await close();
  });
});
