import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { analyseRule } from '../../src/core/language/analysis/analysis.ts';
import { parseDuration } from '../../src/core/primitives/text/duration.ts';
import { parseRule } from '../../src/core/language/parse/parse-rule.ts';
import { Player, storedAt } from '../../src/offline/player.ts';
import { arrivedEvent } from '../../src/offline/recorded-event.ts';
import { EXAMPLES_FOLDER, exampleOf } from '../../src/reference/examples.ts';
import { PAGE_FILE, REFRESH_COMMAND, referencePage } from '../../src/reference/page.ts';
import { readTemplate } from '../../src/reference/template.ts';
import { wordsOfSchema } from '../../src/reference/words.ts';
import { loadRules } from '../../src/rules/rule-files.ts';
import { vigil } from '../cli/run-vigil.ts';

const ROOT = '.';
const yamlFiles = readdirSync('examples', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => join('examples', file));
const testFiles = yamlFiles.filter((file) => file.endsWith('.test.yaml'));
const ruleFiles = testFiles.map((file) => file.replace('.test.yaml', '.yaml'));

describe('the reference page', () => {
  it('is up to date', async () => {
    expect(readFileSync(PAGE_FILE, 'utf8'), `${PAGE_FILE} is out of date: ${REFRESH_COMMAND}`).toBe(
      await referencePage(ROOT),
    );
  });

  it('equals the output of the command', async () => {
    expect(await vigil(['rules', 'reference'])).toEqual({ code: 0, out: await referencePage(ROOT), err: '' });
  });

  it('has every word of the schema once', async () => {
    const parts = await readTemplate(ROOT);
    const shown = parts.flatMap((part) => (part.kind === 'words' ? part.words.map(({ id }) => id) : []));
    const schema = wordsOfSchema().map(({ id }) => id);
    expect(shown.sort(), 'name it in a <!-- words: … --> of src/reference/rules.template.md').toEqual(schema.sort());
  });

  it('has a description of every word', () => {
    const undescribed = wordsOfSchema().filter(({ description }) => description === '');
    expect(
      undescribed.map(({ id }) => id),
      'describe it in src/core/model/rule/rule-schema.ts',
    ).toEqual([]);
  });
});

describe('the examples of words', () => {
  const ids = wordsOfSchema().map(({ id }) => id);
  const pathOf = (id: string): string => join(EXAMPLES_FOLDER, `${exampleOf(id)}.yaml`);

  it('exist for every word', () => {
    const missing = ids.filter((id) => !ruleFiles.includes(pathOf(id)));
    const advice = `write ${EXAMPLES_FOLDER}/<word>.yaml and <word>.test.yaml, then: ${REFRESH_COMMAND}`;
    expect(missing, advice).toEqual([]);
  });

  it.each(ids)('%s is used in its example', (id) => {
    const word = id.split('/').at(-1) ?? '';
    expect(readFileSync(pathOf(id), 'utf8')).toMatch(
      new RegExp(String.raw`(^|[\s{,])((type|calc): ${word}|${word}:)`, 'm'),
    );
  });

  it('are all in the reference', async () => {
    const parts = await readTemplate(ROOT);
    const own = parts.flatMap((part) => (part.kind === 'example' ? [part.id] : []));
    const shown = new Set([...own, ...ids].map(pathOf));
    expect(ruleFiles.filter((file) => file.startsWith(EXAMPLES_FOLDER) && !shown.has(file))).toEqual([]);
  });
});

describe('all examples', () => {
  it('have rules and tests', () => {
    expect(ruleFiles.filter((file) => !yamlFiles.includes(file))).toEqual([]);
  });

  it.each(yamlFiles.filter((file) => file.startsWith('examples/rules')))('%s names an existing schema', (file) => {
    const [, schema = 'none'] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(readFileSync(file, 'utf8')) ?? [];
    const expected = file.endsWith('.test.yaml') ? 'schema/rule-test.schema.json' : 'schema/rule.schema.json';
    expect(join(dirname(file), schema)).toBe(expected);
    expect(existsSync(expected)).toBe(true);
  });

  it('pass their tests', async () => {
    const { code, out } = await vigil(['rules', 'test', ...testFiles]);
    expect(code, out).toBe(0);
  });

  it.each(ruleFiles)('%s has no warnings', (file) => {
    const documents = parseAllDocuments(readFileSync(file, 'utf8'));
    expect(documents.flatMap((document) => analyseRule(parseRule(document.toJS())))).toEqual([]);
  });
});

describe('what rule tests do not cover', () => {
  async function published(file: string, event: object, until: string): Promise<string[]> {
    const alerts: string[] = [];
    const player = new Player(storedAt(0, await loadRules([file])), ({ data }) =>
      alerts.push(`${Date.parse(data.evaluatedAt) / 60_000}m ${data.status}`),
    );
    player.play(arrivedEvent({ clientId: 'client-01', machineId: 'm1', ...event }, { sequence: 1, arrivesAtMs: 0 }));
    player.finish(parseDuration(until) ?? 0);
    return alerts;
  }

  it.each(['examples/words/heartbeat.yaml', 'examples/rules/still-running.yaml'])(
    '%s: a heartbeat every minute',
    async (file) => {
      expect(await published(file, { type: 'status', state: 'running' }, '3m')).toEqual([
        '0m firing',
        '1m heartbeat',
        '2m heartbeat',
        '3m heartbeat',
      ]);
    },
  );

  it('examples/words/repeat.yaml: a reminder every four hours', async () => {
    expect(await published('examples/words/repeat.yaml', { type: 'reading', temp: 90 }, '9h')).toEqual([
      '0m firing',
      '240m reminder',
      '480m reminder',
    ]);
  });
});
