import { afterEach, expect, it } from 'vitest';
import { startFakeVigil, type FakeVigil } from '../../fake-vigil.ts';
import { vigil } from '../../run-vigil.ts';

let server: FakeVigil | undefined;
afterEach(() => server?.stop());

const ORPHAN = { id: 'q1Xz0Tn0nQ6cJm3m0b8nVg', ruleId: 'hot', partitionSetId: 's', why: 'noPartitionSet' };

async function run(args: string[], alerts: object[] = [ORPHAN]): Promise<string> {
  // Two pages.
  server = await startFakeVigil(({ body }) => {
    const isLast = (body as { cursor?: string }).cursor === 'more';
    return { status: 200, body: { alerts: isLast ? alerts : [], next: isLast ? null : 'more' } };
  });
  const { code, out, err } = await vigil(['alerts', 'close-orphaned', 'client-01', ...args], { VIGIL_URL: server.url });
  expect([code, err]).toEqual([0, '']);
  return out;
}

it('closes what nothing decides any more, and says why', async () => {
  expect(await run(['--by', 'ana'])).toBe(
    'ALERT                   RULE  CLOSED: WHY\nq1Xz0Tn0nQ6cJm3m0b8nVg  hot   its partition set is gone\n',
  );
  expect(server?.asked).toMatchObject([
    { method: 'POST', path: '/api/clients/client-01/alerts/close-orphaned', body: { by: 'ana', dryRun: false } },
    { body: { by: 'ana', dryRun: false, cursor: 'more' } },
  ]);
});

it('lists them', async () => {
  expect(await run(['--dry-run'])).toContain('WOULD BE CLOSED: WHY');
  expect(server?.asked[0]?.body).toMatchObject({ dryRun: true });
});

it('prints JSON', async () => {
  expect(JSON.parse(await run(['--json']))).toEqual([ORPHAN]);
});

it('says that there is none', async () => {
  expect(await run([], [])).toBe('Every open alert has a partition set that decides it.\n');
});
