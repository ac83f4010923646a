import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPage } from '../support/browser/browser.ts';
import { startTestServers, type TestServers } from '../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../support/vigil/vigil.ts';
import { startConsoleHost } from './console-host.ts';

const patient = { timeout: 30_000 };

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
    completion: (word: string) =>
      page.getByRole('listbox', { name: 'Completions' }).getByRole('option', { name: word }),
    restored: page.getByText('Restored draft'),
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
    await page.locator('[role=textbox]:focus').waitFor();

    // Completion offers what is valid, and says what it means.
    await ui.goTo('severity: warnings');
    await page.keyboard.press('Shift+Home');
    await page.keyboard.type('sever');
    await ui.completion('severity').click();
    await ui.completion('critical').click();
    await expect.poll(ui.yaml, patient).toContain('\nseverity: critical\n');
    await ui.valid.waitFor(patient);

    // Beside the words of the language: the properties of the events that were sent, also in the form.
    const offered = ui.form.getByLabel('property of condition').locator('xpath=following-sibling::datalist/option');
    const names = async () => Promise.all((await offered.all()).map((option) => option.getAttribute('value')));
    await expect.poll(names, patient).toEqual(expect.arrayContaining(['celsius', 'machineId', 'type']));
    await ui.goTo('partitionBy: [machineId]');
    await page.keyboard.press('Enter');
    await page.keyboard.type('groupBy: [cel');
    await ui.completion('celsius').click();
    await expect.poll(ui.yaml, patient).toContain('\ngroupBy: [celsius]\n');
    await page.keyboard.press('Control+Shift+k');
    await expect.poll(ui.yaml, patient).not.toContain('groupBy');

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
    await expect.poll(ui.yaml, patient).toContain('having: { calc: latest, property: celsius, gt: 90 }');
    await ui.form.getByLabel('Must hold for').fill('');
    await ui.form.getByRole('button', { name: 'remove clear condition' }).click();
    await expect.poll(ui.yaml, patient).not.toContain('for: 5m');
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
    expect(await ui.effects.innerText()).toContain('The rule starts without any state.');
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
    await expect.poll(ui.yaml, patient).toContain('calc: max');
    await expect.poll(ui.yaml, patient).toContain('within: 5m');
    await ui.valid.waitFor(patient);
    await expect.poll(() => ui.effects.innerText(), patient).toMatch(/begins|anew/);
    await ui.form.getByLabel('value of condition').fill('80');
    await ui.valid.waitFor(patient);
    await ui.button('Preview').click();
    await ui.preview.getByText(/Alerts only with your changes: 1; only with the running version: 1/).waitFor(patient);
    expect(await ui.preview.getByRole('figure').count()).toBe(2);

    // Somebody else stores another version meanwhile.
    const other = await fetch(`${vigil.app.url}/api/clients/${clientId}/rules/too-hot`, {
      method: 'PUT',
      headers: { 'vigil-user': 'ben' },
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
    // A reload keeps the text, and that it is to replace their version.
    page.on('dialog', (dialog) => void dialog.accept());
    await page.reload();
    await ui.restored.waitFor(patient);
    await expect.poll(ui.yaml, patient).toContain('gt: 80');
    await ui.valid.waitFor(patient);
    expect(await conflict.count()).toBe(0);
    await ui.button('Save rule').click();
    // The notice of the first save may still be shown: it proves nothing here.
    await page.waitForURL((url) => url.pathname === `/rules/${clientId}/too-hot`, patient);
    const stored = (await (await fetch(`${vigil.app.url}/api/clients/${clientId}/rules/too-hot`)).json()) as object;
    expect(stored).toMatchObject({ rule: { evaluate: { having: { calc: 'max', within: '5m', gt: 80 } } } });
    // What vigil refuses, the browser logs.
    expect(problems.filter((text) => !/ 4(00|12) /.test(text))).toEqual([]);
    await close();
  });
});

describe('with fake ports', () => {
  const WRITE = '/rules/new?template=any-stopped&client=client-01';

  test('unsaved changes are not lost without a question; what is typed is no shortcut', async ({ onTestFinished }) => {
    const host = await startConsoleHost({ simulator: false });
    onTestFinished(() => host.stop());
    const { page, problems, close } = await openPage(`${host.url}/rules`, 'New rule');
    onTestFinished(close);
    const ui = editorOn(page);
    await page.getByRole('link', { name: 'New rule' }).click();
    await page.getByRole('link', { name: /Any machine has stopped/ }).click();
    await ui.valid.waitFor();
    const questions: string[] = [];
    let answer: 'accept' | 'dismiss' = 'dismiss';
    page.on('dialog', (dialog) => {
      questions.push(dialog.message());
      void dialog[answer]();
    });
    await ui.goTo('name: A machine is stopped');
    await page.keyboard.type(' ?');
    await page.getByText('Unsaved changes').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.evaluate('location.reload()');
    await expect.poll(() => questions.length, patient).toBe(1);
    await page.getByRole('link', { name: 'Alerts' }).click();
    await expect.poll(() => questions.length, patient).toBe(2);
    expect([page.url(), await ui.yaml()]).toEqual([`${host.url}${WRITE}`, expect.stringContaining('stopped ?')]);
    // Back and forth without a question: the draft is still there.
    await page.evaluate('history.back()');
    await page.getByRole('list', { name: 'templates' }).waitFor();
    await page.evaluate('history.forward()');
    await expect.poll(ui.yaml, patient).toContain('stopped ?');
    // So it is after a reload, which is asked for, too; the draft can be discarded.
    answer = 'accept';
    await page.reload();
    await ui.restored.waitFor();
    await expect.poll(ui.yaml, patient).toContain('stopped ?');
    await page.getByText('Unsaved changes').waitFor();
    await ui.button('Discard draft').click();
    await page.getByText('Not saved yet').waitFor();
    expect([await ui.yaml(), await ui.restored.count()]).toEqual([expect.not.stringContaining('stopped ?'), 0]);
    await page.reload();
    await ui.valid.waitFor();
    expect([await ui.yaml(), await ui.restored.count()]).toEqual([expect.not.stringContaining('stopped ?'), 0]);
    // Whoever leaves gives the draft up.
    await ui.goTo('name: A machine is stopped');
    await page.keyboard.type(' !');
    await page.getByText('Unsaved changes').waitFor();
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'Rules' }).waitFor();
    await page.evaluate('history.back()');
    await ui.valid.waitFor();
    expect([await ui.yaml(), await ui.restored.count()]).toEqual([expect.not.stringContaining('stopped !'), 0]);
    // The browser has its own words for a reload.
    const own = 'Leave the editor? Your changes are not saved.';
    expect(questions).toEqual(['', own, '', own]);
    expect(problems).toEqual([]);
  });

  test('while the YAML cannot be read, the form rests, and nothing is saved', async ({ onTestFinished }) => {
    const host = await startConsoleHost({ simulator: false });
    onTestFinished(() => host.stop());
    const { page, problems, close } = await openPage(`${host.url}${WRITE}`, '✓ The rule is valid');
    onTestFinished(close);
    const ui = editorOn(page);
    await ui.goTo('partitionBy');
    await page.keyboard.press('Backspace');
    await page.getByText('The form rests until the YAML can be read').waitFor();
    expect(await ui.form.getByLabel('Name', { exact: true }).isDisabled()).toBe(true);
    expect(await ui.button('Preview').isDisabled()).toBe(true);
    await page.keyboard.press('Control+s');
    await ui.goTo('partitionBy');
    await page.keyboard.type(']');
    await ui.valid.waitFor();
    expect(await ui.form.getByLabel('Name', { exact: true }).isDisabled()).toBe(false);
    expect((await fetch(`${host.url}/api/clients/client-01/rules/any-stopped`)).status).toBe(404);
    expect(problems).toEqual([]);
  });

  test('what the form cannot show stays in the YAML', async ({ onTestFinished }) => {
    const host = await startConsoleHost({ simulator: false });
    onTestFinished(() => host.stop());
    const address = `${host.url}${WRITE.replace('any-stopped', 'failing-share')}`;
    const { page, close } = await openPage(address, '✓ The rule is valid');
    onTestFinished(close);
    const ui = editorOn(page);
    await page.getByText('evaluate.having.where, evaluate.having.minSamples').waitFor();
    await ui.form.getByLabel('value of condition').fill('0.1');
    await expect.poll(ui.yaml, patient).toContain('    minSamples: 20\n    gt: 0.1\n');
    await ui.valid.waitFor();
  });

  test('somebody who may not store rules is not offered the editor', async ({ onTestFinished }) => {
    const host = await startConsoleHost({ adminToken: 'token-of-the-environment', simulator: false });
    onTestFinished(() => host.stop());
    const tokens = await Promise.all(
      (['admin', 'operator'] as const).map(async (role) => {
        const created = await fetch(`${host.url}/api/tokens`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: 'Bearer token-of-the-environment' },
          body: JSON.stringify({ name: role, role }),
        });
        return ((await created.json()) as { token: string }).token;
      }),
    );
    const { page, close } = await openPage(`${host.url}/rules/new`, 'Live', tokens[1]);
    onTestFinished(close);
    await page.getByText('Your role may not change rules.').waitFor();
    await page.goto(`${host.url}/rules`);
    await page.getByRole('link', { name: 'All machines stopped' }).click();
    await page.getByRole('button', { name: 'Pause …' }).waitFor();
    expect(await page.getByRole('link', { name: /^Edit$|^New rule$/ }).count()).toBe(0);
  });
});
