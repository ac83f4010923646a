import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { problem, startFakeVigil, type FakeVigil, type Reply } from '../../fake-vigil.ts';
import { vigil } from '../../run-vigil.ts';

const folder = mkdtempSync(join(tmpdir(), 'vigil-cli-'));
let server: FakeVigil | undefined;

afterEach(() => server?.stop());
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function rules(args: string[], reply: Reply): Promise<{ code: number; out: string; err: string }> {
  server = await startFakeVigil(reply);
  return vigil(['rules', ...args], { VIGIL_URL: server.url });
}

const effects = { kind: 'starts', resolvesAlerts: false, begins: [], lines: ['It starts.'] };
const stored: Reply = ({ body, path }) =>
  path.endsWith('?dryRun=true')
    ? { status: 200, body: { rule: body, change: 'created', version: null, diff: '+id', effects } }
    : { status: 201, body: { rule: body, change: 'created', version: 57, edition: 3, effects } };
const refused =
  (...details: Parameters<typeof problem>): Reply =>
  () =>
    problem(...details);

const STOPPED = 'id: stopped\nclientId: client-01\nwhere:\n  - property: type\n    equals: status\n';

describe('vigil rules apply', () => {
  it('applies every rule of every file: several documents, lists, JSON', async () => {
    const yaml = file('two.yaml', `# rules\n${STOPPED}---\nid: hot\nclientId: client-02\n---\n`);
    const json = file(
      'list.json',
      JSON.stringify([
        { id: 'a', clientId: 'c' },
        { id: 'b', clientId: 'c' },
      ]),
    );
    const { code, out } = await rules(['apply', yaml, json], stored);
    expect(code).toBe(0);
    expect(server?.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT /api/clients/client-01/rules/stopped?dryRun=true',
      'PUT /api/clients/client-02/rules/hot?dryRun=true',
      'PUT /api/clients/c/rules/a?dryRun=true',
      'PUT /api/clients/c/rules/b?dryRun=true',
      'PUT /api/clients/client-01/rules/stopped',
      'PUT /api/clients/client-02/rules/hot',
      'PUT /api/clients/c/rules/a',
      'PUT /api/clients/c/rules/b',
    ]);
    expect(server?.asked[4]?.body).toEqual({
      id: 'stopped',
      clientId: 'client-01',
      where: [{ property: 'type', equals: 'status' }],
    });
    expect(out).toContain('client-01/stopped created (edition 3)\n  It starts.\n');
  });

  it('prints file, line and path of every issue, and applies the other rules', async () => {
    const path = file('bad.yaml', `${STOPPED}evaluate: { type: al }\n---\nid: fine\nclientId: client-01\n`);
    const issues = [
      { path: 'where[0].equals', message: 'must be a text' },
      { path: 'evaluate.having', message: 'is missing' },
      { path: '', message: 'is odd' },
    ];
    const { code, out, err } = await rules(['apply', path], (asked) =>
      asked.path.includes('/stopped')
        ? refused(400, 'RULE_INVALID', 'The rule is not valid.', '', { issues })(asked)
        : stored(asked),
    );
    expect(code).toBe(1);
    expect(err.trim().split('\n')).toEqual([
      `${path}:5: where[0].equals: must be a text`,
      `${path}:6: evaluate.having: is missing`,
      `${path}:1: rule: is odd`,
    ]);
    expect(out).toBe('client-01/fine created (edition 3)\n  It starts.\n');
  });

  it.each([
    ['no-id.yaml', 'clientId: c\n', ':1: the rule needs id, a string'],
    ['no-client.yaml', '- id: x\n  name: y\n', ':1: the rule needs clientId, a string'],
    ['text.yaml', 'just text', ':1: a rule must be an object'],
    ['broken.yaml', 'id: x\nwhere: [1, 2\n', ': is not valid YAML or JSON'],
    ['broken.json', '{"id": "x",', ': is not valid YAML or JSON'],
    ['empty.yaml', '# nothing\n', 'No rules found in'],
  ])('applies nothing if %s cannot be read', async (name, text, message) => {
    const good = file('good.yaml', STOPPED);
    const bad = file(name, text);
    const { code, err } = await rules(['apply', ...(name === 'empty.yaml' ? [] : [good]), bad], stored);
    expect(code).toBe(1);
    expect(err).toContain('vigil: RULE_INVALID');
    expect(err).toContain(message);
    expect(err).toContain(bad);
    expect(server?.asked).toEqual([]);
  });

  it('names a missing file', async () => {
    const { code, err } = await rules(['apply', 'nowhere.yaml'], stored);
    expect(code).toBe(1);
    expect(err).toContain('vigil: FILE_UNREADABLE: A file cannot be read. nowhere.yaml');
  });
});

describe('vigil rules list', () => {
  const rule = (clientId: string, id: string, status: string) => ({
    rule: { clientId, id, name: 'A name' },
    version: 57,
    edition: 2,
    status,
  });
  const both: Reply = ({ path }) => {
    if (path === '/api/clients') return { status: 200, body: { clients: ['client-01', 'client-02'], next: null } };
    return {
      status: 200,
      body: {
        rules: [
          path.includes('client-01') ? rule('client-01', 'stopped', 'firing') : rule('client-02', 'hot', 'inactive'),
        ],
        next: null,
      },
    };
  };

  it('lists the rules of all clients', async () => {
    const { code, out } = await rules(['list'], both);
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      'CLIENT     RULE     STATUS    EDITION  NAME',
      'client-01  stopped  firing    2        A name',
      'client-02  hot      inactive  2        A name',
      '',
    ]);
  });

  it('prints once why statuses are unknown', async () => {
    const problem = { code: 'TEMPORAL_UNREACHABLE', message: 'Temporal does not answer. Wait.' };
    const { code, out, err } = await rules(['list'], ({ path }) =>
      path === '/api/clients'
        ? { status: 200, body: { clients: ['a', 'b'], next: null } }
        : { status: 200, body: { rules: [rule('client-01', 'stopped', 'unknown')], next: null, problem } },
    );
    expect([code, err]).toEqual([0, 'vigil: TEMPORAL_UNREACHABLE: Temporal does not answer. Wait.\n']);
    expect(out).toContain('client-01  stopped  unknown  2        A name');
  });

  it('reads a long list page by page', async () => {
    const { out } = await rules(['list', '--client', 'client-01', '--json'], ({ path }) => ({
      status: 200,
      body: path.endsWith('?cursor=abc')
        ? { rules: [rule('client-01', 'b', 'firing')], next: null }
        : { rules: [rule('client-01', 'a', 'firing')], next: 'abc' },
    }));
    expect(JSON.parse(out)).toEqual([rule('client-01', 'a', 'firing'), rule('client-01', 'b', 'firing')]);
  });

  it('lists the rules of one client', async () => {
    const { out } = await rules(['list', '--client', 'client-02', '--json'], both);
    expect(JSON.parse(out)).toEqual([rule('client-02', 'hot', 'inactive')]);
    expect(server?.asked.map(({ path }) => path)).toEqual(['/api/clients/client-02/rules']);
  });
});

describe('vigil rules get and delete', () => {
  const rule = { id: 'stopped', clientId: 'client-01', message: 'All: {{total}}' };

  it('shows a rule as YAML that can be applied again', async () => {
    const { out } = await rules(['get', 'client-01', 'stopped'], () => ({ status: 200, body: { rule, version: 2 } }));
    expect(parse(out)).toEqual(rule);
  });

  it('shows a rule as JSON with its version', async () => {
    const { out } = await rules(['get', 'client-01', 'stopped', '--json'], () => ({
      status: 200,
      body: { rule, version: 2 },
    }));
    expect(JSON.parse(out)).toEqual({ rule, version: 2 });
  });

  it('deletes a rule', async () => {
    const { code, out } = await rules(['delete', 'client-01', 'stopped'], () => ({ status: 204 }));
    expect([code, out]).toEqual([0, 'client-01/stopped deleted\n']);
    expect(server?.asked).toMatchObject([{ method: 'DELETE', path: '/api/clients/client-01/rules/stopped' }]);
  });

  it.each(['enable', 'disable'])('can %s a rule', async (command) => {
    const effects = { lines: ['its alerts resolve'] };
    const { code, out } = await rules([command, 'client-01', 'stopped'], () => ({ status: 200, body: { effects } }));
    expect([code, out]).toEqual([0, `client-01/stopped is ${command}d\n  its alerts resolve\n`]);
    expect(server?.asked).toMatchObject([{ method: 'POST', path: `/api/clients/client-01/rules/stopped/${command}` }]);
  });

  it('shows an earlier version', async () => {
    const { out } = await rules(['get', 'client-01', 'stopped', '7'], () => ({
      status: 200,
      body: { rule: { id: 'stopped' } },
    }));
    expect(out).toBe('id: stopped\n');
    expect(server?.asked).toMatchObject([{ method: 'GET', path: '/api/clients/client-01/rules/stopped/versions/7' }]);
  });

  const from = { channel: 'cli', address: '10.0.0.7' };
  const restored = { change: 'rolledBack', restored: 5, storedAt: '2026-01-02T00:00:00.000Z', by: 'ana', from };
  const versions = [
    { version: 8, edition: 3, ...restored },
    { version: 7, edition: null, change: 'changed', storedAt: '2026-01-01T00:00:00.000Z', by: null, from: null },
  ];

  it('lists the versions with who made them, and says if some are gone', async () => {
    const { out } = await rules(['history', 'client-01', 'stopped'], () => ({
      status: 200,
      body: { versions, isWhole: false, next: null },
    }));
    expect(out.split('\n')).toEqual([
      'VERSION  EDITION  CHANGE           AT                        BY   FROM',
      '8        3        rolledBack to 5  2026-01-02T00:00:00.000Z  ana  cli 10.0.0.7',
      '7        –        changed          2026-01-01T00:00:00.000Z  –    –',
      'vigil no longer keeps older versions.',
      '',
    ]);
  });

  it.each([
    ['the first was created', true, '--- /dev/null'],
    ['older ones are gone', false, undefined],
  ])('shows what each version changed, where %s', async (_what, isWhole, first) => {
    const reply: Reply = ({ path }) => {
      const version = /versions\/(\d)$/.exec(path)?.[1];
      if (version === undefined) return { status: 200, body: { versions, isWhole, next: null } };
      return { status: 200, body: { rule: { id: 'stopped', severity: version === '8' ? 'info' : 'critical' } } };
    };
    const { out } = await rules(['history', 'client-01', 'stopped', '--diff'], reply);
    const lines = out.split('\n');
    expect(lines[0]).toBe('8  3  rolledBack to 5  2026-01-02T00:00:00.000Z  ana  cli 10.0.0.7');
    expect(lines).toEqual(
      expect.arrayContaining(['--- version 7', '+++ version 8', '-severity: critical', '+severity: info']),
    );
    expect(lines.filter((line) => line.startsWith('---')).at(1)).toBe(first);
  });

  it('says who changes something', async () => {
    server = await startFakeVigil(() => ({ status: 200, body: { version: 9 } }));
    const env = { VIGIL_URL: server.url, VIGIL_USER: 'Jörg' };
    await vigil(['rules', 'get', 'client-01', 'stopped'], env);
    await vigil(['rules', 'delete', 'client-01', 'stopped'], env);
    expect(server.headers.map((headers) => [headers['user-agent'], headers['vigil-user']])).toEqual([
      ['vigil-cli', undefined],
      ['vigil-cli', 'J%C3%B6rg'],
    ]);
  });

  it('stores an earlier version again', async () => {
    const { out } = await rules(['rollback', 'client-01', 'stopped', '7'], () => ({
      status: 200,
      body: { version: 9, effects },
    }));
    expect(out).toBe('client-01/stopped is version 7 again, stored as 9\n  It starts.\n');
    expect(server?.asked).toMatchObject([
      { method: 'POST', path: '/api/clients/client-01/rules/stopped/rollback', body: { version: 7 } },
    ]);
  });

  it('encodes ids in the path', async () => {
    await rules(['get', '../x', 'a/b'], () => ({ status: 404 }));
    expect(server?.asked.map(({ path }) => path)).toEqual(['/api/clients/..%2Fx/rules/a%2Fb']);
  });
});

describe('errors', () => {
  it('of vigil are printed once', async () => {
    const title = 'The rule does not exist.';
    const { code, err } = await rules(['get', 'client-01', 'x'], refused(404, 'RULE_NOT_FOUND', title, 'List them.'));
    expect([code, err]).toEqual([1, 'vigil: RULE_NOT_FOUND: The rule does not exist. List them.\n']);
  });

  it('of requests are printed with their message', async () => {
    const { err } = await rules(['list'], refused(403, 'HOST_NOT_ALLOWED', 'The host name is not allowed.', 'Add it.'));
    expect(err).toBe('vigil: API_REFUSED: vigil rejected the request. The host name is not allowed. Add it.\n');
  });

  it('report a server that is not vigil', async () => {
    const { code, err } = await rules(['list'], () => ({ status: 404, body: '<html>' }));
    expect(code).toBe(1);
    expect(err).toContain('answered 404, but not like vigil');
  });

  it('give advice if nothing answers', async () => {
    const gone = await startFakeVigil(stored);
    await gone.stop();
    const { code, err } = await vigil(['rules', 'list', '--url', gone.url]);
    expect(code).toBe(1);
    expect(err).toContain(
      `vigil: API_UNREACHABLE: vigil does not answer. No answer from ${gone.url}. Start vigil with \`npm start\``,
    );
  });

  it.each(['localhost:3000', 'ftp://x', 'nonsense'])('report that %s is not a URL', async (url) => {
    const { code, err } = await vigil(['rules', 'list', '--url', url]);
    expect(code).toBe(1);
    expect(err).toContain(`vigil: CONFIG_INVALID: A setting is not valid. "${url}" is not an http or https URL`);
  });
});
