import { beforeEach, describe, expect, test } from 'vitest';
import { createApi } from '../../../src/api/api.ts';
import { parseJson } from '../../../src/core/primitives/text/parse-json.ts';
import { deadLetter } from '../fakes/fake-dead-letters.ts';
import { fakeVigil, machineRule, type FakeVigil } from '../fakes/fake-ports.ts';

const ADDRESS = '/api/clients/client-01/rules/by-id';
const RULE = {
  ...machineRule('client-01', 'by-id'),
  where: [{ property: 'account', in: [{ int: '9007199254740993' }] }],
};

let vigil: FakeVigil;
beforeEach(() => {
  vigil = fakeVigil();
});
const request = (path: string, method: string, body?: string, type = 'application/json'): Promise<Response> =>
  Promise.resolve(
    createApi(vigil.deps).request(path, {
      method,
      ...(body !== undefined && { body, headers: { 'content-type': type } }),
    }),
  );

describe('a rule with a whole number of many digits', () => {
  test.each([
    ['JSON', 'application/json', JSON.stringify(RULE).replace('{"int":"9007199254740993"}', '9007199254740993')],
    ['YAML', 'application/yaml', JSON.stringify(RULE).replace('{"int":"9007199254740993"}', '9007199254740993')],
    ['vigil’s own form', 'application/json', JSON.stringify(RULE)],
  ])('is stored and answered with all digits, from %s', async (_what, type, body) => {
    const put = await request(ADDRESS, 'PUT', body, type);
    expect(put.status).toBe(201);
    expect(put.headers.get('content-type')).toBe('application/json');
    expect(await vigil.deps.rules.get('client-01', 'by-id')).toMatchObject({ rule: RULE });
    for (const answer of [put, await request(ADDRESS, 'GET'), await request('/api/clients/client-01/rules', 'GET')])
      expect(await answer.text()).toContain('"in":[9007199254740993]');
  });

  test('is refused where no number may be, as any number is', async () => {
    const body = JSON.stringify({ ...RULE, name: 1 }).replace('"name":1', '"name":9007199254740993');
    const answer = await request(ADDRESS, 'PUT', body);
    expect(await answer.json()).toMatchObject({ fields: { issues: [{ path: 'name', message: 'must be a string' }] } });
  });
});

describe('an event with a whole number of many digits', () => {
  test('is published with all digits', async () => {
    const body = '{"account":9007199254740993,"like":{"int":"9007199254740993"}}';
    expect((await request('/api/clients/client-01/events/login', 'POST', body)).status).toBe(202);
    expect(vigil.published).toMatchObject([{ data: parseJson(body) }]);
  });

  test('reaches the console with all digits', async () => {
    const answer = await request('/api/live', 'GET');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    await reader?.read();
    await request('/api/clients/client-01/events/login', 'POST', '{"account":9007199254740993}');
    expect((await reader?.read())?.value).toContain('"account":9007199254740993');
    await reader?.cancel();
  });

  test('is replayed from the dead letters with all digits', async () => {
    vigil.deadLetters.stored.set(7, deadLetter(7, { bytes: '{' }));
    const payload = '{"account":9007199254740993,"like":{"int":"9007199254740993"}}';
    expect((await request('/api/dead-letters/7/replay', 'POST', `{"payload":${payload}}`)).status).toBe(202);
    expect(vigil.deadLetters.replayed).toMatchObject([{ payload }]);
  });

  test.each(['{"type":9007199254740993}', '{"time":9007199254740993}'])('is refused if %s', async (body) => {
    const answer = await request('/api/clients/client-01/events/login', 'POST', body);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('9007199254740993');
  });
});
