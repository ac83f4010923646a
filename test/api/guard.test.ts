import { describe, expect, test } from 'vitest';
import { createApi } from '../../src/api/api.ts';
import { fakeVigil } from './fakes/fake-ports.ts';

const send = async (
  method: string,
  url: string,
  headers: Record<string, string>,
  allowedHosts: string[] = [],
): Promise<Response> => createApi(fakeVigil().deps, { allowedHosts }).request(url, { method, headers });

const CHANGE = 'http://localhost:3000/api/clients/client-01/test-alert';
const READ = 'http://localhost:3000/api/clients';

describe('a change', () => {
  test.each([
    ['a client that is not a browser', {}],
    ["vigil's console", { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:3000' }],
    ["vigil's console in an old browser", { origin: 'http://localhost:3000' }],
    ["vigil's console behind a proxy that terminates TLS", { origin: 'https://localhost:3000' }],
  ])('is accepted from %s', async (_, headers) => {
    expect((await send('POST', CHANGE, headers)).status).toBe(202);
  });

  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['another port of this machine', { 'sec-fetch-site': 'same-site', origin: 'http://localhost:8080' }],
    ['another site in an old browser', { origin: 'https://evil.example' }],
    ['a page without an origin', { origin: 'null' }],
  ])('is rejected from %s', async (_, headers) => {
    const answer = await send('POST', CHANGE, headers);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'CROSS_ORIGIN' });
  });
});

test('reading is allowed, because browsers hide the response from other sites', async () => {
  const answer = await send('GET', READ, { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});

describe('the host name', () => {
  test.each(['localhost:3000', '127.0.0.1:3000', '[::1]:3000', '192.168.1.7:3000', 'vigil:3000', 'vigil.localhost'])(
    '%s is accepted',
    async (host) => {
      expect((await send('GET', `http://${host}/api/clients`, {})).status).toBe(200);
    },
  );

  test('another name is rejected (DNS rebinding)', async () => {
    const answer = await send('GET', 'http://evil.example:3000/api/clients', {});
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'HOST_NOT_ALLOWED', fields: { host: 'evil.example' } });
  });

  test('another name is accepted if it is allowed', async () => {
    expect((await send('GET', 'https://vigil.example.com/api/clients', {}, ['vigil.example.com'])).status).toBe(200);
  });

  test('does not matter to health checks', async () => {
    expect((await send('GET', 'http://vigil.example.com/healthz', {})).status).toBe(200);
  });
});
