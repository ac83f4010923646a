import { afterEach, expect, it } from 'vitest';
import { startFakeVigil, type FakeVigil, type Reply } from '../../fake-vigil.ts';
import { vigil } from '../../run-vigil.ts';

let server: FakeVigil | undefined;
afterEach(() => server?.stop());

const SETS = [
  { id: 'a', workflowId: 'client-01/rules/hot/m=*', status: 'firing' },
  { id: 'b', workflowId: 'client-01/rules/hot/n=*', status: 'inactive' },
];

async function run(args: string[], reply: Reply) {
  server = await startFakeVigil(reply);
  return vigil(['reset', ...args], { VIGIL_URL: server.url });
}

it('resets a rule, and waits until it is rebuilt', async () => {
  let rebuilding = 3;
  const { code, out, err } = await run(['--client', 'client-01', '--rule', 'hot', '--by', 'ana'], ({ method }) => {
    if (method === 'POST') return { status: 200, body: { partitionSets: SETS } };
    rebuilding -= 1;
    return { status: 200, body: { explanation: rebuilding > 0 ? { rebuilding: { reason: 'reset' } } : {} } };
  });
  expect([code, rebuilding <= 0]).toEqual([0, true]);
  expect(server?.asked[0]).toMatchObject({
    method: 'POST',
    path: '/api/clients/client-01/rules/hot/reset',
    body: { by: 'ana', to: 'clean', dryRun: false },
  });
  expect(out.split('\n').slice(0, 2)).toEqual(['client-01/rules/hot/m=*  reset', 'client-01/rules/hot/n=*  reset']);
  expect(err).toContain('2 of 2 partition sets are rebuilt');
});

it('resets all rules of a client, and fails if a partition set refuses', async () => {
  const problem = { code: 'PARTITION_SET_BUSY', message: 'It is being rebuilt.' };
  const { code, err } = await run(['--client', 'client-01'], ({ method, path }) => {
    if (method === 'GET' && path.includes('partition-sets')) return { status: 200, body: { explanation: {} } };
    if (method === 'GET')
      return { status: 200, body: { rules: [{ rule: { id: 'hot' } }, { rule: { id: 'cold' } }], next: null } };
    return { status: 200, body: { partitionSets: path.includes('/hot/') ? [{ ...SETS[0], problem }] : [SETS[1]] } };
  });
  expect(code).toBe(1);
  expect(err).toContain('vigil: client-01/rules/hot/m=*: PARTITION_SET_BUSY: It is being rebuilt.');
});

it('only lists what it would reset in a dry run', async () => {
  const { code, out } = await run(['--client', 'client-01', '--rule', 'hot', '--dry-run'], () => ({
    status: 200,
    body: { partitionSets: SETS },
  }));
  expect(code).toBe(0);
  expect(out).toContain('client-01/rules/hot/m=*  would be reset');
  expect(server?.asked.map(({ method, body }) => [method, body])).toMatchObject([['POST', { dryRun: true }]]);
});

it('says where a reset to a time begins, and what it reads again', async () => {
  const from = { runId: 'r-1', eventId: '42', at: '2026-01-01T08:00:00.000Z', events: 17 };
  const args = ['--client', 'client-01', '--rule', 'hot', '--to', '2h', '--dry-run'];
  const { out } = await run(args, () => ({ status: 200, body: { partitionSets: [{ ...SETS[0], from }] } }));
  expect(out.split('\n')[0]).toBe(
    'client-01/rules/hot/m=*  would be reset to 2026-01-01T08:00:00.000Z (event 42 of run r-1), and read 17 events again',
  );
  expect(server?.asked[0]?.body).toMatchObject({ to: '2h', dryRun: true });
});
