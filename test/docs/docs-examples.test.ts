import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parsePolicy } from '../../src/notifications/policy.ts';
import type { AlertEnvelope } from '../../src/core/model/alert/alert.ts';
import { checkRule, parseRule } from '../../src/core/language/parse/parse-rule.ts';
import { projectEvent } from '../../src/core/matching/projection.ts';
import { act } from '../../src/core/evaluation/actions/act.ts';
import { applyEvent, openPartitionSet, takeAlerts } from '../../src/core/evaluation/evaluate.ts';
import { NATS_SERVER, TEMPORAL } from '../../src/dev-servers/binaries/pins.ts';
import { driver, EPOCH_MS } from '../support/evaluation/driver.ts';
import { codeBlocks, documents, namedRows } from './doc-files.ts';

const RULE_FILE = 'examples/too-hot.yaml';

describe('the first rule', () => {
  it('is the same in the README and in its file', () => {
    const [inReadme = ''] = codeBlocks('README.md', 'yaml');
    expect(parse(inReadme)).toEqual(parse(readFileSync(RULE_FILE, 'utf8')));
    expect(checkRule(parse(inReadme)).issues).toEqual([]);
  });

  it('publishes the alert in docs/alerts.md, whose table has every field', () => {
    const [shown = ''] = codeBlocks('docs/alerts.md', 'json');
    const alert = firstAlertOf(RULE_FILE);
    expect(JSON.parse(shown)).toEqual(alert);
    expect(namedRows('docs/alerts.md', 'fields').map(([field]) => field)).toEqual(Object.keys(alert.data));
  });

  it('has the further fields of that page when people act on it', () => {
    const set = driver(parse(readFileSync(RULE_FILE, 'utf8')) as object, { type: 'temperature' });
    set.send(5, { machineId: 'm1', celsius: 85 });
    const who = { by: 'ana', partition: { machineId: 'm1' } };
    act(set.set(), { ...who, name: 'acknowledge' }, EPOCH_MS);
    act(set.set(), { ...who, name: 'snooze', until: EPOCH_MS + 60_000 }, EPOCH_MS);
    const usual = Object.keys(firstAlertOf(RULE_FILE).data);
    const fields = takeAlerts(set.set()).flatMap(({ data }) => Object.keys(data));
    const further = [...new Set(fields)].filter((field) => !usual.includes(field));
    const listed = namedRows('docs/alerts.md', 'action-fields').map(([field]) => field);
    expect(listed.sort()).toEqual(further.sort());
  });
});

describe('the policy of docs/alerts.md', () => {
  it('is valid', () => {
    const [policy = ''] = codeBlocks('docs/alerts.md', 'yaml');
    expect(Object.keys(parsePolicy(policy, 'docs/alerts.md').receivers)).toEqual(['journal', 'on-call', 'pages']);
  });
});

describe('the documents', () => {
  it.each(documents())('%s has no broken links', (document) => {
    expect(links(document).filter((link) => !isThere(link, document))).toEqual([]);
  });

  it('name the pinned servers', () => {
    const names = [`${TEMPORAL.command}-${TEMPORAL.version}`, `${NATS_SERVER.command}-${NATS_SERVER.version}`];
    const readme = readFileSync('README.md', 'utf8');
    for (const name of names) expect(readme).toContain(name);
    expect(readFileSync('docs/decisions/0004-pinned-servers.md', 'utf8')).toContain(
      `Temporal CLI ${TEMPORAL.version} and nats-server ${NATS_SERVER.version}`,
    );
  });

  it('keep decisions within 60 lines, with context, decision and consequences', () => {
    for (const name of readdirSync('docs/decisions')) {
      const text = readFileSync(join('docs/decisions', name), 'utf8');
      expect(text.split('\n').length, name).toBeLessThanOrEqual(60);
      expect(
        [...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title),
        name,
      ).toEqual(['Context', 'Decision', 'Consequences']);
    }
  });
});

describe('CONTRIBUTING.md', () => {
  it('describes every source folder', () => {
    const text = readFileSync('CONTRIBUTING.md', 'utf8');
    const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => `\`src/${name}\``).filter((name) => !text.includes(name))).toEqual([]);
  });
});

/** The alert of the rule in version 3, fired by the third event of the stream. */
function firstAlertOf(file: string): AlertEnvelope {
  const rule = parseRule(parse(readFileSync(file, 'utf8')));
  const [startMs, atMs] = ['2026-01-01T00:00:00Z', '2026-01-01T00:00:05Z'].map((time) => Date.parse(time)) as [
    number,
    number,
  ];
  const set = openPartitionSet({ rule, ruleVersion: 3, group: [], atMs: startMs });
  const data = { machineId: 'm1', celsius: 85 };
  applyEvent(
    set,
    projectEvent(set.rule, {
      clientId: rule.clientId,
      type: 'temperature',
      sequence: 3,
      timeMs: atMs,
      storedAtMs: atMs,
      data,
    }),
  );
  const [alert] = takeAlerts(set);
  if (alert === undefined) throw new Error('The rule did not fire.');
  return alert;
}

/** Links to files and headings, not to the web. */
function links(document: string): string[] {
  const text = readFileSync(document, 'utf8').replaceAll(/^```[^]*?^```/gm, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link).filter((link) => !/^[a-z]+:/.test(link));
}

function isThere(link: string, document: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? document : join(dirname(document), path);
  if (!existsSync(target)) return false;
  return anchor === undefined || anchors(target).includes(anchor);
}

/** Anchors of headings like on GitHub, and explicit anchors. */
function anchors(document: string): string[] {
  const text = readFileSync(document, 'utf8');
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
  return [...headings, ...[...text.matchAll(/<\w+ (?:id|name)="([^"]+)"/g)].map(([, id = '']) => id)];
}
