import { afterEach, expect, it } from 'vitest';
import { problem, startFakeVigil, type FakeVigil } from '../../fake-vigil.ts';
import { vigil } from '../../run-vigil.ts';

let server: FakeVigil | undefined;
afterEach(() => server?.stop());

async function run(args: string[], status = 200): Promise<{ code: number; out: string; err: string }> {
  const body =
    status === 200
      ? { ruleId: 'hot', text: ['The alert is inactive.', 'Nothing changes before the next event.'] }
      : problem(status, 'PARTITION_NOT_FOUND', 'The partition set does not have this partition.', 'Look.').body;
  server = await startFakeVigil(() => ({ status, body }));
  return vigil(['explain', ...args], { VIGIL_URL: server.url });
}

it('prints the explanation of a partition set', async () => {
  const { code, out } = await run(['client-01', 'hot']);
  expect([code, out]).toEqual([0, 'The alert is inactive.\nNothing changes before the next event.\n']);
  expect(server?.asked).toMatchObject([{ method: 'GET', path: '/api/clients/client-01/rules/hot/explain' }]);
});

it('asks for a group, a partition, and what `where` matches', async () => {
  await run(['client-01', 'hot', '--group', 'berlin', '--partition', 'm1,3', '--where']);
  const { searchParams } = new URL(server?.asked[0]?.path ?? '', 'http://vigil');
  expect(Object.fromEntries(searchParams)).toEqual({ group: 'berlin', partition: 'm1,3', where: 'true' });
});

it('prints JSON', async () => {
  const { out } = await run(['client-01', 'hot', '--json']);
  expect(JSON.parse(out)).toMatchObject({ ruleId: 'hot' });
});

it('says what does not exist', async () => {
  const { code, err } = await run(['client-01', 'hot', '--partition', 'm9'], 404);
  expect([code, err]).toEqual([
    1,
    'vigil: PARTITION_NOT_FOUND: The partition set does not have this partition. Look.\n',
  ]);
});
