import { afterEach, describe, expect, it } from 'vitest';
import { startFakeVigil, type FakeVigil } from '../../fake-vigil.ts';
import { vigil } from '../../run-vigil.ts';

let server: FakeVigil | undefined;
afterEach(() => server?.stop());

const from = { channel: 'cli', address: '10.0.0.7' };
const at = '2026-01-01T00:00:00.000Z';
const STORED = { at, by: 'ana', from, action: 'putRule', clientId: 'c-1', ruleId: 'hot', version: 9, result: 'ok' };
const REFUSED = {
  ...{ at, by: null, from: { channel: 'api', address: '10.0.0.1', forwardedFor: '192.0.2.7' } },
  ...{ action: 'acknowledgeAlert', clientId: 'c-1', alertId: 'gone-gone-gone-gone-00', note: 'on\n\u001b[2Jit' },
  ...{ result: 'refused', code: 'ALERT_NOT_FOUND' },
};

async function run(args: string[], entries: object[] = [STORED, REFUSED], next: string | null = null) {
  server = await startFakeVigil(() => ({ status: 200, body: { entries, next } }));
  return vigil(['audit', ...args], { VIGIL_URL: server.url });
}
const path = (): URL => new URL(server?.asked[0]?.path ?? '', 'http://vigil');

describe('vigil audit', () => {
  it('lists who has done what, without control characters of others', async () => {
    const { code, out } = await run([]);
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      'AT                        BY   FROM           CLIENT  ACTION            WHAT                                  RESULT',
      '2026-01-01T00:00:00.000Z  ana  cli 10.0.0.7   c-1     putRule           hot, version 9                        ok',
      String.raw`2026-01-01T00:00:00.000Z  –    api 192.0.2.7  c-1     acknowledgeAlert  gone-gone-gone-gone-00, on \x1b[2Jit  ALERT_NOT_FOUND`,
      '',
    ]);
    expect(path().pathname).toBe('/api/audit');
  });

  it('asks for a client, a rule, an action and a time, and no more than asked for', async () => {
    const options = ['--client', 'c-1', '--rule', 'hot', '--action', 'putRule', '--since', '2026-01-01T01:00:00+01:00'];
    const { out } = await run([...options, '--limit', '1', '--json'], [STORED, STORED], 'more');
    expect(JSON.parse(out)).toEqual([STORED]);
    expect(path().pathname).toBe('/api/clients/c-1/audit');
    expect(Object.fromEntries(path().searchParams)).toEqual({
      ...{ limit: '1', rule: 'hot', action: 'putRule', since: '2026-01-01T00:00:00.000Z' },
    });
  });

  it('takes a duration before now', async () => {
    const before = Date.now() - 2 * 86_400_000;
    await run(['--since', '2d']);
    const since = Date.parse(path().searchParams.get('since') ?? '');
    expect(since).toBeGreaterThanOrEqual(before);
    expect(since).toBeLessThanOrEqual(Date.now() - 2 * 86_400_000);
  });

  it('refuses a time that is none', async () => {
    const { code, err } = await run(['--since', 'soon']);
    expect([code, server?.asked]).toEqual([1, []]);
    expect(err).toMatch(/^vigil: CONFIG_INVALID: .*--since takes a time/);
  });
});
