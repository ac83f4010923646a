import { afterEach, expect, it } from 'vitest';
import { problem, startFakeVigil, type FakeVigil } from '../../fake-vigil.ts';
import { vigil } from '../../run-vigil.ts';

let server: FakeVigil | undefined;
afterEach(() => server?.stop());

const ALERT = {
  id: 'hot-hot-hot-hot-hot-00',
  clientId: 'client-01',
  ruleId: 'hot',
  state: 'firing',
  severity: 'critical',
  startsAt: '2026-01-01T00:00:00.000Z',
  message: 'm1 is hot',
  episode: 3,
};

async function run(args: string[], answer: { status: number; body: object }) {
  server = await startFakeVigil(() => answer);
  return vigil(['alerts', ...args], { VIGIL_URL: server.url });
}
const path = (): URL => new URL(server?.asked[0]?.path ?? '', 'http://vigil');

it('lists what fires', async () => {
  const { code, out } = await run(['list', 'client-01'], { status: 200, body: { alerts: [ALERT], next: null } });
  expect(code).toBe(0);
  expect(out.split('\n')[1]).toBe(
    'hot-hot-hot-hot-hot-00  hot   firing  critical  2026-01-01T00:00:00.000Z  m1 is hot',
  );
  expect(Object.fromEntries(path().searchParams)).toEqual({ state: 'open', limit: '50' });
});

it('lists what has fired, with filters, and no more than asked for', async () => {
  const { out } = await run(
    ['list', 'client-01', '--all', '--rule', 'hot', '--severity', 'critical', '--limit', '1', '--json'],
    {
      status: 200,
      body: { alerts: [ALERT], next: 'more' },
    },
  );
  expect(JSON.parse(out)).toEqual([ALERT]);
  expect(Object.fromEntries(path().searchParams)).toEqual({
    state: 'all',
    limit: '1',
    rule: 'hot',
    severity: 'critical',
  });
  expect(server?.asked).toHaveLength(1);
});

it('shows the life of an alert', async () => {
  const transition = { at: '2026-01-01T00:00:00.000Z', status: 'firing', reason: 'condition', severity: 'critical' };
  const acted = {
    ...transition,
    status: 'acknowledged',
    reason: 'operator',
    action: { by: 'ana', at: '2026-01-01T00:05:00.000Z' },
  };
  const body = {
    ...ALERT,
    transitions: [
      { ...transition, message: 'm1 is hot' },
      { ...acted, message: 'by ana' },
    ],
    omitted: 2,
  };
  const { out } = await run(['show', 'client-01', ALERT.id], { status: 200, body });
  expect(out.split('\n')).toEqual([
    'client-01/hot, episode 3: firing',
    'AT                        STATUS        REASON     SEVERITY  MESSAGE',
    '2026-01-01T00:00:00.000Z  firing        condition  critical  m1 is hot',
    '2026-01-01T00:05:00.000Z  acknowledged  operator   critical  by ana',
    '2 transitions after the first are left out.',
    '',
  ]);
});

it('says that an alert does not exist', async () => {
  const { status, body } = problem(404, 'ALERT_NOT_FOUND', 'The alert does not exist.', 'List them.');
  const { code, err } = await run(['show', 'client-01', ALERT.id], { status, body });
  expect([code, err]).toEqual([1, 'vigil: ALERT_NOT_FOUND: The alert does not exist. List them.\n']);
});

it('acknowledges alerts, and says of each what came of it', async () => {
  const other = 'cold-cold-cold-cold-00';
  const { code, out, err } = await run(
    ['acknowledge', 'client-01', ALERT.id, other, '--by', 'ana', '--note', 'on it'],
    {
      status: 200,
      body: {
        alerts: [
          { id: ALERT.id, changed: true },
          { id: other, problem: { code: 'ALERT_NOT_FIRING', message: 'The alert does not fire.' } },
        ],
      },
    },
  );
  expect(server?.asked).toMatchObject([
    {
      method: 'POST',
      path: '/api/clients/client-01/alerts/acknowledge',
      body: { ids: [ALERT.id, other], by: 'ana', note: 'on it' },
    },
  ]);
  expect([code, out, err]).toEqual([
    1,
    `${ALERT.id}  acknowledged\n`,
    `vigil: ${other}: ALERT_NOT_FIRING: The alert does not fire.\n`,
  ]);
});

it.each([
  ['a time', '2030-01-01T08:00:00+01:00', '2030-01-01T07:00:00.000Z'],
  ['a duration', '2h', expect.stringMatching(/^20\d\d-.*Z$/) as unknown],
])('snoozes alerts until %s', async (_what, until, sent) => {
  await run(['snooze', 'client-01', ALERT.id, '--by', 'ana', '--until', until], {
    status: 200,
    body: { alerts: [{ id: ALERT.id, changed: false }] },
  });
  expect(server?.asked).toMatchObject([{ body: { by: 'ana', until: sent } }]);
});

it('refuses a snooze whose end is no time', async () => {
  const { code, err } = await run(['snooze', 'client-01', ALERT.id, '--until', 'soon'], { status: 200, body: {} });
  expect([code, server?.asked]).toEqual([1, []]);
  expect(err).toMatch(/^vigil: ACTION_INVALID: .*--until takes a time/);
});

it('builds the lists again', async () => {
  const { code } = await run(['rebuild'], { status: 202, body: {} });
  expect([code, server?.asked[0]?.method, path().pathname]).toEqual([0, 'POST', '/api/alerts/rebuild']);
});
