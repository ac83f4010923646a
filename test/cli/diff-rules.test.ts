import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problem, startFakeVigil, type FakeVigil } from './fake-vigil.ts';
import { vigil } from './run-vigil.ts';

const folder = mkdtempSync(join(tmpdir(), 'vigil-diff-'));
let server: FakeVigil | undefined;
/** Stored rules by client and id. */
let stored: Record<string, Record<string, object>>;

const rule = (clientId: string, id: string, limit: number) => ({
  id,
  clientId,
  where: [{ property: 'type', equals: 'temperature' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'celsius', gt: limit } },
});

beforeEach(() => {
  stored = { 'client-01': { same: rule('client-01', 'same', 80), hot: rule('client-01', 'hot', 80) } };
});
afterEach(() => server?.stop());
afterAll(() => rmSync(folder, { recursive: true }));

async function run(args: string[]): Promise<{ code: number; out: string; err: string }> {
  server = await startFakeVigil(({ method, path }) => {
    const [, clientId = '', ruleId] = /^\/api\/clients\/([^/]+)\/rules(?:\/(.+))?$/.exec(path) ?? [];
    const rules = stored[clientId] ?? {};
    if (method === 'PUT') return { status: 200, body: { version: 9, edition: 2 } };
    if (method === 'DELETE') return { status: 204 };
    if (ruleId === undefined)
      return { status: 200, body: { rules: Object.values(rules).map((each) => ({ rule: each })), next: null } };
    const found = rules[ruleId];
    return found === undefined
      ? problem(404, 'RULE_NOT_FOUND', 'The rule does not exist.')
      : { status: 200, body: { rule: found } };
  });
  return vigil(['rules', ...args], { VIGIL_URL: server.url });
}
const changes = (): string[] =>
  (server?.asked ?? []).filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);

function file(name: string, ...rules: object[]): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(rules));
  return path;
}

describe('vigil rules diff', () => {
  it('prints a unified diff of what would change, and changes nothing', async () => {
    const path = file(
      'three.yaml',
      rule('client-01', 'same', 80),
      rule('client-01', 'hot', 85),
      rule('client-01', 'new', 1),
    );
    const { code, out } = await run(['diff', path]);
    expect(code).toBe(1);
    expect(out).toContain('--- stored/client-01/hot\n+++ file/client-01/hot\n');
    expect(out).toContain('-    gt: 80\n+    gt: 85\n');
    expect(out).toContain('--- /dev/null\n+++ file/client-01/new\n');
    expect(out).not.toContain('client-01/same');
    expect(out.trim().split('\n').at(-1)).toBe('1 to create, 1 to update, 0 to delete, 1 unchanged');
    expect(changes()).toEqual([]);
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

  it('says what is wrong with a rule, and compares the others', async () => {
    const path = file('bad.yaml', { ...rule('client-01', 'hot', 85), where: [] }, rule('client-01', 'same', 80));
    const { code, out, err } = await run(['diff', path]);
    expect([code, out]).toEqual([1, '0 to create, 0 to update, 0 to delete, 1 unchanged\n']);
    expect(err).toContain(`${path}:1: where: `);
  });

  it('compares what --prune would delete', async () => {
    const { code, out } = await run([
      'diff',
      file('one.yaml', rule('client-01', 'same', 80)),
      '--prune',
      '--client',
      'client-01',
    ]);
    expect(code).toBe(1);
    expect(out).toContain('--- stored/client-01/hot\n+++ /dev/null\n');
    expect(out).toContain('1 to delete');
  });

  it('prints JSON', async () => {
    const { out } = await run(['diff', file('json.yaml', rule('client-01', 'same', 80)), '--json']);
    expect(JSON.parse(out)).toEqual([{ clientId: 'client-01', ruleId: 'same', change: 'none', diff: '' }]);
  });
});

describe('vigil rules apply', () => {
  it('--dry-run prints the difference, and changes nothing', async () => {
    const { code, out } = await run(['apply', file('dry.yaml', rule('client-01', 'hot', 85)), '--dry-run']);
    expect([code, changes()]).toEqual([0, []]);
    expect(out).toContain('+    gt: 85\n');
  });

  it('--dry-run fails if a rule is invalid', async () => {
    expect((await run(['apply', file('dry.yaml', { ...rule('c', 'hot', 1), where: 1 }), '--dry-run'])).code).toBe(1);
  });

  it('--prune deletes the other rules of the named clients', async () => {
    stored['client-02'] = { other: rule('client-02', 'other', 1) };
    const path = file('prune.yaml', rule('client-01', 'same', 80));
    const { code, out } = await run(['apply', path, '--prune', '--client', 'client-01']);
    expect(code).toBe(0);
    expect(changes()).toEqual(['PUT /api/clients/client-01/rules/same', 'DELETE /api/clients/client-01/rules/hot']);
    expect(out).toContain('client-01/hot deleted\n');
  });

  it.each([[['--prune']], [['--client', 'client-01']]])('refuses %s alone', async (options) => {
    const { code, err } = await run(['apply', file('alone.yaml', rule('client-01', 'same', 80)), ...options]);
    expect([code, changes()]).toEqual([1, []]);
    expect(err).toContain('--prune and --client <id> need each other');
  });
});
