import { expect, it } from 'vitest';
import { apiInProcess } from '../../api-in-process.ts';

it('vigil quotas shows, changes and clears the quotas of a client', async () => {
  const { run, changes } = apiInProcess([]);
  const own = async (): Promise<unknown> =>
    (JSON.parse((await run(['quotas', 'show', 'client-01', '--json'])).out) as { own: unknown }).own;

  const first = await run(['quotas', 'set', 'client-01', '--rules', '500', '--events-per-second', 'none']);
  expect([first.code, first.out.split('\n')[1]?.split(/ +/)]).toEqual([0, ['rules', '500', 'own']]);
  await run(['quotas', 'set', 'client-01', '--alerts-per-minute', '30', '--rules', 'default']);
  expect(await own()).toEqual({ eventsPerSecond: null, alertsPerMinute: 30 });
  expect((await run(['quotas', 'show', 'client-01'])).out).toMatch(/^alertsPerMinute +30 +own$/m);
  expect(await run(['quotas', 'clear', 'client-01'])).toMatchObject({ code: 0 });
  expect(await own()).toEqual({});
  expect(changes()).toEqual(['PUT', 'PUT', 'DELETE'].map((method) => `${method} /api/clients/client-01/quotas`));
});

it.each(['0', '-1', '1.5', 'much'])('vigil quotas set --rules %s says what is possible', async (text) => {
  const { run, changes } = apiInProcess([]);
  const { code, err } = await run(['quotas', 'set', 'client-01', '--rules', text]);
  expect([code, err]).toEqual([1, expect.stringContaining('none, or default')]);
  expect(changes()).toEqual([]);
});
