import { afterEach, expect, it } from 'vitest';
import type { RulePreview } from '../../../../src/cli/output/preview-report.ts';
import type { PreviewedAlert } from '../../../../src/offline/preview-track.ts';
import { tempFiles } from '../../../support/temp-files.ts';
import { problem, startFakeVigil, type FakeVigil } from '../../fake-vigil.ts';
import { vigil } from '../../run-vigil.ts';

const { write } = tempFiles();
const NONE = { count: 0, first: [] };
const ALERT: PreviewedAlert = {
  at: '2026-01-01T10:00:00.000Z',
  status: 'firing',
  reason: 'condition',
  severity: 'critical',
  group: {},
  partition: { machineId: 'm1' },
  message: 'Hot.',
};
const OUTCOME = {
  matched: 30,
  partitionSets: 1,
  byStatus: {},
  bySet: [],
  firingSeconds: 0,
  stillFiring: 0,
  alerts: NONE,
};
const RESULT: RulePreview = {
  ruleId: 'hot',
  since: '2026-01-01T00:00:00.000Z',
  until: '2026-01-02T00:00:00.000Z',
  stoppedBy: null,
  stream: { from: '2025-12-01T00:00:00.000Z', isWhole: true },
  events: { read: 2000, total: 2000, unusable: 0 },
  preview: OUTCOME,
  running: {
    ...{ ...OUTCOME, version: 7, byStatus: { firing: 1 }, firingSeconds: 90, stillFiring: 1 },
    alerts: { count: 1, first: [ALERT] },
  },
  difference: { same: 0, onlyPreview: NONE, onlyRunning: { count: 1, first: [ALERT] } },
};

let server: FakeVigil | undefined;
afterEach(() => server?.stop());

async function run(lines: object[], args: string[] = []): Promise<{ code: number; out: string; err: string }> {
  server = await startFakeVigil(() => ({
    status: 200,
    body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  }));
  const file = write('hot.yaml', 'id: hot\nwhere: []\n');
  return vigil(['rules', 'preview', file, '--client', 'client-01', ...args], { VIGIL_URL: server.url });
}

it('says in plain words what a rule would have done', async () => {
  const { code, out } = await run([{ progress: { read: 10, total: 2000, at: RESULT.since } }, { result: RESULT }]);
  expect(code).toBe(0);
  expect(out.split('\n')).toEqual([
    'hot, 2026-01-01T00:00:00.000Z to 2026-01-02T00:00:00.000Z: 2,000 events, of which it reads 30.',
    'It would have published no alerts.',
    'The running version: 1 alert (1 firing), firing for 90 s in all, 1 at the end.',
    '0 alerts would be the same.',
    '',
    'Only with the running version:',
    'AT                        STATUS  SEVERITY  WHERE         MESSAGE',
    '2026-01-01T10:00:00.000Z  firing  critical  machineId=m1  Hot.',
    '',
  ]);
  expect(server?.asked).toEqual([
    {
      method: 'POST',
      path: '/api/clients/client-01/rules/preview',
      body: { rule: { id: 'hot', clientId: 'client-01', where: [] }, since: '24h' },
    },
  ]);
});

it('says what it does not know', async () => {
  const partial = { ...RESULT, stoppedBy: 'alerts', stream: { from: RESULT.since, isWhole: false }, running: null };
  const { out } = await run([{ result: { ...partial, difference: null } }]);
  expect(out).toContain('It stopped early: it has as many alerts as it may keep. Take a later --since.');
  expect(out).toContain('The stream has only the events since 2026-01-01T00:00:00.000Z.');
  expect(out).toContain('vigil has no rule with this id yet.');
});

it('prints JSON', async () => {
  const { out } = await run([{ result: RESULT }], ['--json', '--since', '7d']);
  expect(JSON.parse(out)).toEqual([RESULT]);
  expect(server?.asked).toMatchObject([{ body: { since: '7d' } }]);
});

it('fails with a problem, or without a result', async () => {
  const { body } = problem(503, 'NATS_UNREACHABLE', 'NATS does not answer.', 'Try again.');
  expect(await run([{ problem: body }])).toMatchObject({
    code: 1,
    err: expect.stringContaining('NATS_UNREACHABLE') as string,
  });
  await server?.stop();
  expect(await run([])).toMatchObject({ code: 1, err: expect.stringContaining('API_UNREACHABLE') as string });
});
