import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { parseRule } from '../../../../src/core/language/parse/parse-rule.ts';
import { apiInProcess } from '../../api-in-process.ts';
import { vigil } from '../../run-vigil.ts';

const folder = mkdtempSync(join(tmpdir(), 'vigil-diff-'));
let server: ReturnType<typeof apiInProcess>;

const rule = (clientId: string, id: string, limit: number, within?: string) => ({
  id,
  clientId,
  where: [{ property: 'type', equals: 'temperature' }],
  partitionBy: ['machineId'],
  evaluate: {
    type: 'any',
    having: {
      calc: within === undefined ? 'latest' : 'avg',
      property: 'celsius',
      ...(within !== undefined && { within }),
      gt: limit,
    },
  },
});

beforeEach(() => {
  const stored = [rule('client-01', 'same', 80), rule('client-01', 'hot', 80), rule('client-01', 'mean', 80, '10m')];
  server = apiInProcess(stored.map((each) => parseRule(each)));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (args: string[]): ReturnType<typeof vigil> => server.run(['rules', ...args]);

function file(name: string, ...rules: object[]): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(rules));
  return path;
}

const lastLine = (text: string): string | undefined => text.trim().split('\n').at(-1);

describe('vigil rules diff', () => {
  it('prints a unified diff of what would change and what that does, and changes nothing', async () => {
    const path = file(
      'four.yaml',
      rule('client-01', 'same', 80),
      rule('client-01', 'hot', 85),
      rule('client-01', 'mean', 80, '20m'),
      rule('client-01', 'new', 1),
    );
    const { code, out } = await run(['diff', path]);
    expect(code).toBe(1);
    expect(out).toContain('--- stored/client-01/hot\n+++ new/client-01/hot\n');
    expect(out).toContain('-    gt: 80\n+    gt: 85\n');
    expect(out).toContain(
      '# Values, windows, pending times and alerts are kept.\n# Conditions are judged again at once: alerts may fire or resolve.\n',
    );
    expect(out).toContain('# avg(celsius, 20m) gt 80: begins without values. It sees only events after the change.\n');
    expect(out).toContain('--- /dev/null\n+++ new/client-01/new\n');
    expect(out).toContain('# The rule starts without any state.');
    expect(out).not.toContain('client-01/same');
    expect(lastLine(out)).toBe('1 to create, 2 to update, 0 to delete, 1 unchanged');
    expect(server.changes()).toEqual([]);
  });

  it('ends with 0 if nothing would change, in whatever order the words are', async () => {
    const { evaluate, ...others } = rule('client-01', 'same', 80);
    const { code, out } = await run(['diff', file('same.yaml', { evaluate, ...others })]);
    expect([code, out]).toEqual([0, '0 to create, 0 to update, 0 to delete, 1 unchanged\n']);
  });

  it('reads folders', async () => {
    mkdirSync(join(folder, 'rules/deep'), { recursive: true });
    file('rules/deep/hot.yaml', rule('client-01', 'hot', 80));
    expect((await run(['diff', join(folder, 'rules')])).code).toBe(0);
  });

  it('says what is wrong with a rule, compares the others, and ends with 2', async () => {
    const path = file('bad.yaml', { ...rule('client-01', 'hot', 85), where: [] }, rule('client-01', 'same', 80));
    const { code, out, err } = await run(['diff', path]);
    expect([code, out]).toEqual([2, '0 to create, 0 to update, 0 to delete, 1 unchanged\n']);
    expect(err).toContain(`${path}:1: where: `);
  });

  it.each<[what: string, args: string[], text: string]>([
    ['a file that is missing', ['nowhere.yaml'], 'vigil: FILE_UNREADABLE'],
    ['an unknown option', ['--unknown'], "unknown option '--unknown'"],
    ['no file', [], "missing required argument 'file'"],
    ['--prune without a client', ['nowhere.yaml', '--prune'], '--prune and --client <id> need each other'],
  ])('ends with 2 for %s', async (_what, args, text) => {
    const { code, err } = await run(['diff', ...args]);
    expect(code).toBe(2);
    expect(err).toContain(text);
  });

  it('ends with 2 if vigil does not answer, and with 0 after its help', async () => {
    const path = file('one.yaml', rule('client-01', 'same', 80));
    const away = await vigil(['rules', 'diff', path], { VIGIL_URL: 'http://127.0.0.1:1' });
    expect(away.code).toBe(2);
    expect(away.err).toContain('vigil: API_UNREACHABLE');
    expect((await run(['diff', '--help'])).code).toBe(0);
  });

  it('compares what --prune would delete', async () => {
    const path = file('one.yaml', rule('client-01', 'same', 80), rule('client-01', 'mean', 80, '10m'));
    const { code, out } = await run(['diff', path, '--prune', '--client', 'client-01']);
    expect(code).toBe(1);
    expect(out).toContain('--- stored/client-01/hot\n+++ /dev/null\n');
    expect(out).toContain('# Its partition sets end: alerts that fire resolve (ruleDeleted).\n');
    expect(lastLine(out)).toBe('0 to create, 0 to update, 1 to delete, 2 unchanged');
  });

  it('prints JSON', async () => {
    const { out } = await run(['diff', file('json.yaml', rule('client-01', 'same', 80)), '--json']);
    const effects = { kind: 'nothing', resolvesAlerts: false, begins: [], lines: ['Nothing changes.'] };
    expect(JSON.parse(out)).toEqual([
      { clientId: 'client-01', ruleId: 'same', change: 'none', version: 1, diff: '', effects },
    ]);
  });

  it('refuses a rule that is in two files', async () => {
    const [one, two] = [file('one.json', rule('c', 'r', 1)), file('two.json', rule('c', 'r', 2))];
    const { code, err } = await run(['diff', one, two]);
    expect(code).toBe(2);
    expect(err).toContain(`${two}:1: the rule c/r is also at ${one}:1: remove one of the two`);
  });
});

describe('vigil rules apply', () => {
  it('--dry-run prints the difference, and changes nothing', async () => {
    const { code, out } = await run(['apply', file('dry.yaml', rule('client-01', 'hot', 85)), '--dry-run']);
    expect([code, server.changes()]).toEqual([0, []]);
    expect(out).toContain('+    gt: 85\n');
    expect(out).toContain('# Conditions are judged again at once');
  });

  it('--dry-run fails if a rule is invalid', async () => {
    expect((await run(['apply', file('dry.yaml', { ...rule('c', 'hot', 1), where: 1 }), '--dry-run'])).code).toBe(1);
  });

  it('stores only what differs, and says what that does', async () => {
    const path = file('some.yaml', rule('client-01', 'same', 80), rule('client-01', 'hot', 85));
    const { code, out } = await run(['apply', path]);
    expect([code, server.changes()]).toEqual([0, ['PUT /api/clients/client-01/rules/hot']]);
    expect(out.split('\n')).toEqual([
      'client-01/same unchanged',
      'client-01/hot changed (edition 2)',
      '  Values, windows, pending times and alerts are kept.',
      '  Conditions are judged again at once: alerts may fire or resolve.',
      '',
    ]);
  });

  it('prints the changes as JSON', async () => {
    const path = file('some.yaml', rule('client-01', 'same', 80), rule('client-01', 'new', 85));
    expect(JSON.parse((await run(['apply', path, '--json'])).out)).toMatchObject([
      { clientId: 'client-01', ruleId: 'same', change: 'unchanged', version: 1, effects: { kind: 'nothing' } },
      { clientId: 'client-01', ruleId: 'new', change: 'created', version: 1, edition: 1, effects: { kind: 'starts' } },
    ]);
  });

  it.each<[what: string, id: string, others: string]>([
    ['changed', 'hot', 'hot'],
    ['created', 'new', 'new'],
  ])('does not overwrite what somebody else has %s since it was compared', async (_what, id, others) => {
    server.beforeEach(async ({ method, url }) => {
      if (method === 'PUT' && url.endsWith(`/${id}`)) await server.rules.put(parseRule(rule('client-01', others, 99)));
    });
    const path = file('race.yaml', rule('client-01', id, 85), rule('client-01', 'same', 81));
    const { code, out, err } = await run(['apply', path, '--prune', '--client', 'client-01']);
    expect(code).toBe(1);
    expect(err).toContain(
      `${path}:1: The rule has another version than the request expects. Somebody else has changed`,
    );
    expect(out).toMatch(/^client-01\/same changed/);
    expect((await server.rules.get('client-01', id))?.rule.evaluate).toMatchObject({ having: { gt: 99 } });
    expect(await server.rules.get('client-01', 'mean')).not.toBeNull();
  });

  it('--prune deletes the other rules of the named clients', async () => {
    await server.rules.put(parseRule(rule('client-02', 'other', 1)));
    const path = file('prune.yaml', rule('client-01', 'same', 80), rule('client-01', 'mean', 80, '10m'));
    const { code, out } = await run(['apply', path, '--prune', '--client', 'client-01']);
    expect([code, server.changes()]).toEqual([0, ['DELETE /api/clients/client-01/rules/hot']]);
    expect(out).toContain('client-01/hot deleted\n  Its partition sets end: alerts that fire resolve (ruleDeleted).\n');
  });

  it('--prune does not delete what somebody else has changed since it was compared', async () => {
    server.beforeEach(async ({ method }) => {
      if (method === 'DELETE') await server.rules.put(parseRule(rule('client-01', 'hot', 99)));
    });
    const path = file('prune.yaml', rule('client-01', 'same', 80), rule('client-01', 'mean', 80, '10m'));
    const { code, err } = await run(['apply', path, '--prune', '--client', 'client-01']);
    expect(code).toBe(1);
    expect(err).toContain('client-01/hot: The rule has another version than the request expects. Somebody else');
    expect(await server.rules.get('client-01', 'hot')).not.toBeNull();
  });

  it.each([[['--prune']], [['--client', 'client-01']]])('refuses %s alone', async (options) => {
    const { code, err } = await run(['apply', file('alone.yaml', rule('client-01', 'same', 80)), ...options]);
    expect([code, server.changes()]).toEqual([1, []]);
    expect(err).toContain('--prune and --client <id> need each other');
  });
});
