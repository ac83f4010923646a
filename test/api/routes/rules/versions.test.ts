import { beforeEach, describe, expect, it } from 'vitest';
import type { Hono } from 'hono';
import { createApi } from '../../../../src/api/api.ts';
import { fakeVigil, machineRule } from '../../fakes/fake-ports.ts';

const RULE = machineRule('client-01', 'all-stopped');
const PATH = '/api/clients/client-01/rules/all-stopped';

let api: Hono;
beforeEach(async () => {
  const vigil = fakeVigil({ rules: [RULE, { ...RULE, severity: 'info' }] });
  api = createApi(vigil.deps);
});

const ask = async (
  path: string,
  request?: RequestInit,
): Promise<{ status: number; body: unknown; etag: string | null }> => {
  const answer = await api.request(PATH + path, request);
  return { status: answer.status, body: await answer.json(), etag: answer.headers.get('etag') };
};
const rollBack = (body: string, headers = {}) => ask('/rollback', { method: 'POST', body, headers });

describe('the versions of a rule', () => {
  it('are listed, newest first', async () => {
    expect(await ask('/versions')).toMatchObject({
      status: 200,
      body: {
        versions: [
          { version: 2, change: 'changed', by: null, from: null, storedAt: '2026-01-01T00:00:00.000Z' },
          { version: 1, change: 'created' },
        ],
        isWhole: true,
      },
    });
  });

  it('are shown as they were', async () => {
    expect(await ask('/versions/1')).toMatchObject({
      status: 200,
      body: { version: 1, rule: { severity: 'critical' } },
    });
    expect(await ask('/versions/2')).toMatchObject({ body: { rule: { severity: 'info' } } });
  });

  it('are stored again by a rollback, as the newest', async () => {
    expect(await rollBack('{"version":1}')).toMatchObject({
      status: 200,
      etag: '"3"',
      body: { version: 3, rule: RULE },
    });
    expect(await ask('')).toMatchObject({ body: { version: 3, rule: { severity: 'critical' } } });
  });

  it('are not rolled back over the change of someone else', async () => {
    expect(await rollBack('{"version":1}', { 'if-match': '"1"' })).toMatchObject({ status: 412 });
    expect(await rollBack('{"version":1}', { 'if-match': '"2"' })).toMatchObject({ status: 200 });
  });

  it.each<[what: string, body: string, status: number, code: string]>([
    ['a version that it never had', '{"version":7}', 404, 'RULE_VERSION_NOT_FOUND'],
    ['no version', '{}', 400, 'REQUEST_INVALID'],
    ['a text', '{"version":"first"}', 400, 'REQUEST_INVALID'],
    ['no object', '[1]', 400, 'REQUEST_INVALID'],
  ])('are refused: %s', async (_what, body, status, code) => {
    expect(await rollBack(body)).toMatchObject({ status, body: { code } });
  });

  it('of an unknown rule do not exist', async () => {
    const answer = await api.request('/api/clients/client-01/rules/none/versions');
    expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'RULE_NOT_FOUND' }]);
  });
});
