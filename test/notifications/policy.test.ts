import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Issue } from '../../src/core/language/parse/explain-issue.ts';
import { loadPolicy, parsePolicy } from '../../src/notifications/policy.ts';
import { routeTo } from '../../src/notifications/route.ts';
import type { AlertData } from '../../src/core/model/alert/alert.ts';
import { VigilError } from '../../src/core/primitives/errors.ts';
import { sampleAlert } from './sample-alert.ts';

const EXAMPLE = 'examples/alert-policy.yaml';

function isRouted(match: string, data: Partial<AlertData>): boolean {
  const policy = parsePolicy(
    `{ receivers: { journal: { log: {} } }, routes: [{ match: ${match}, notify: journal }] }`,
    'policy.yaml',
  );
  return routeTo(policy, 'journal')(sampleAlert('a', data).data);
}

describe('a receiver gets an alert if one of its routes matches', () => {
  it.each<[routed: boolean, match: string, data: Partial<AlertData>]>([
    [true, '{}', {}],
    [true, '{ clientId: client-01 }', { clientId: 'client-01' }],
    [false, '{ clientId: client-01 }', { clientId: 'client-011' }],
    [true, '{ clientId: client-* }', { clientId: 'client-02' }],
    [false, '{ clientId: client-* }', { clientId: 'other-client-02' }],
    [true, '{ clientId: [a, b] }', { clientId: 'b' }],
    [true, '{ ruleId: "*-stopped" }', { ruleId: 'all-machines-stopped' }],
    [false, '{ ruleId: [x, y] }', { ruleId: 'z' }],
    [true, '{ status: firing }', { status: 'firing' }],
    [false, '{ status: [firing, resolved] }', { status: 'heartbeat' }],
    [true, '{ severity: [warning, critical] }', { severity: 'warning' }],
    [false, '{ severity: critical }', { severity: 'info' }],
    [true, '{ reason: noData }', { reason: 'noData' }],
    [false, '{ reason: noData }', { reason: 'condition' }],
    [true, '{ labels: { team: line-* } }', { labels: { team: 'line-2', shift: 'night' } }],
    [true, '{ labels: { team: [a, b], shift: night } }', { labels: { team: 'b', shift: 'night' } }],
    [false, '{ labels: { team: "*" } }', { labels: {} }],
    [false, '{ clientId: client-01, severity: critical }', { clientId: 'client-01', severity: 'info' }],
  ])('%s: %s, %j', (routed, match, data) => {
    expect(isRouted(match, data)).toBe(routed);
  });

  it('through any of its routes', () => {
    const text =
      '{ receivers: { a: { log: {} }, b: { log: {} } }, routes: [{ match: { status: firing }, notify: a }, { match: { status: resolved }, notify: [a, b] }] }';
    const policy = parsePolicy(text, 'policy.yaml');
    const resolved = sampleAlert('x', { status: 'resolved' }).data;
    expect([routeTo(policy, 'a')(resolved), routeTo(policy, 'b')(resolved)]).toEqual([true, true]);
    expect(routeTo(policy, 'b')(sampleAlert('x').data)).toBe(false);
  });
});

describe('the example', () => {
  it('is valid and routes all alerts to the journal', async () => {
    const policy = await loadPolicy(EXAMPLE);
    expect(routeTo(policy, 'journal')(sampleAlert('x').data)).toBe(true);
  });

  it('is valid with the commented-out parts enabled', () => {
    const text = readFileSync(EXAMPLE, 'utf8').replaceAll(/^( +)# (?=[ \w-]*[:{[])/gm, '$1');
    const policy = parsePolicy(text, EXAMPLE);
    expect(Object.keys(policy.receivers)).toEqual(['journal', 'on-call', 'pages']);
    expect(policy.routes).toHaveLength(3);
    expect(policy.receivers['on-call']?.webhook?.timeout).toBe(10_000);
  });
});

function issuesOf(text: string): Issue[] {
  try {
    parsePolicy(text, 'policy.yaml');
  } catch (error) {
    if (!(error instanceof VigilError)) throw error;
    expect(error.code).toBe('POLICY_INVALID');
    expect(error.message).toContain('policy.yaml: ');
    return error.fields['issues'] as Issue[];
  }
  throw new Error('The policy was accepted.');
}

describe('an invalid policy is rejected with the path and how to fix it', () => {
  const journal = 'receivers: { journal: { log: {} } }';
  it.each([
    ['receivers: [', '', /is not valid YAML: .* line 1/],
    ['just text', '', /must be an object/],
    [journal, 'routes', /is missing/],
    [
      `{ ${journal}, routes: [{ notify: jurnal }] }`,
      'routes[0].notify',
      /names jurnal, which is not in receivers: journal/,
    ],
    [`{ ${journal}, routes: [{ notify: [] }] }`, 'routes[0].notify', /must not be empty/],
    [
      `{ ${journal}, routes: [{ match: { state: firing }, notify: journal }] }`,
      'routes[0].match.state',
      /is not a known field; did you mean "status"\?/,
    ],
    [
      `{ ${journal}, routes: [{ match: { status: open }, notify: journal }] }`,
      'routes[0].match.status[0]',
      /must be one of firing, resolved/,
    ],
    [
      `{ ${journal}, routes: [{ match: { severity: [critical, big] }, notify: journal }] }`,
      'routes[0].match.severity[1]',
      /info, warning, critical/,
    ],
    [
      `{ ${journal}, routes: [{ match: { clientId: 7 }, notify: journal }] }`,
      'routes[0].match.clientId[0]',
      /must be a string/,
    ],
    ['{ receivers: { a: {} }, routes: [] }', 'receivers.a', /exactly one of log, webhook, nats/],
    ['{ receivers: { a: { log: {}, nats: { subject: x } } }, routes: [] }', 'receivers.a', /exactly one of/],
    ['{ receivers: { A B: { log: {} } }, routes: [] }', 'receivers.A B', /must have 1 to 64 characters of a-z/],
    ['{ receivers: { a: { webhook: { url: "ftp://x" } } }, routes: [] }', 'receivers.a.webhook.url', /http or https/],
    ['{ receivers: { a: { webhook: {} } }, routes: [] }', 'receivers.a.webhook.url', /is missing|http or https/],
    [
      '{ receivers: { a: { webhook: { url: "http://x", timeout: soon } } }, routes: [] }',
      'receivers.a.webhook.timeout',
      /a duration up to 1m/,
    ],
    [
      '{ receivers: { a: { nats: { subject: "alerts.back" } } }, routes: [] }',
      'receivers.a.nats.subject',
      /that vigil reads/,
    ],
    [
      '{ receivers: { a: { nats: { subject: "vigil.{{clientId}}.open" } } }, routes: [] }',
      'receivers.a.nats.subject',
      /that vigil reads/,
    ],
    [
      '{ receivers: { a: { nats: { subject: "{{clientId}}.x" } } }, routes: [] }',
      'receivers.a.nats.subject',
      /except in the first token/,
    ],
    [
      '{ receivers: { a: { nats: { subject: "pages.{{password}}" } } }, routes: [] }',
      'receivers.a.nats.subject',
      /clientId, ruleId, severity, status/,
    ],
    [
      '{ receivers: { a: { nats: { subject: "pages.>" } } }, routes: [] }',
      'receivers.a.nats.subject',
      /must be a subject/,
    ],
  ])('%s', (text, path, message) => {
    expect(issuesOf(text)).toContainEqual({ path, message: expect.stringMatching(message) as string });
  });

  it('all issues are reported together', () => {
    expect(issuesOf('{ receivers: { a: {}, b: { nats: {} } }, routes: 1 }').length).toBeGreaterThanOrEqual(3);
  });

  it('an unreadable file is named in the error', async () => {
    await expect(loadPolicy('nowhere/policy.yaml')).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      fields: { file: 'nowhere/policy.yaml' },
    });
  });
});
