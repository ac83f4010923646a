import { describe, expect, test } from 'vitest';
import { createApi } from '../../src/api/api.ts';
import { fakeVigil } from './fakes/fake-ports.ts';

const api = createApi(fakeVigil().deps);

describe('the page', () => {
  test('is served and allows only its own scripts and styles', async () => {
    const answer = await api.request('/');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/html');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'; style-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
  });

  test.each([
    ['/favicon.svg', 'image/svg+xml'],
    ['/vendor/swagger-ui.css', 'text/css'],
    ['/vendor/swagger-ui-bundle.js', 'text/javascript'],
    ['/api-docs.js', 'text/javascript'],
  ])('serves %s', async (path, type) => {
    const answer = await api.request(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain(type);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
  });

  test('names its scripts and styles by their content: a browser keeps them', async () => {
    const html = await (await api.request('/')).text();
    const assets = [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(new Set(assets.map((path) => path.slice(path.lastIndexOf('.'))))).toEqual(new Set(['.css', '.js']));
    for (const asset of assets) {
      const answer = await api.request(asset);
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, expect.stringContaining('immutable')]);
    }
    expect((await api.request('/assets/other.js')).headers.get('cache-control')).toBe('no-cache');
  });

  test.each(['/alerts', '/alerts/client-01/a%20b', '/rules/client-01/hot', '/system'])(
    'is what a browser gets at %s',
    async (path) => expect(await (await api.request(path)).text()).toBe(await (await api.request('/')).text()),
  );

  test.each([
    '/package.json',
    '/../package.json',
    '/assets/../../src/app/main.js',
    '/assets/%2e%2e/%2e%2e/src/app/main.js',
    '/vendor/other.js',
    '/vendor/swagger-ui.js',
  ])('does not serve %s', async (path) => {
    expect((await api.request(path)).status).toBe(404);
  });
});

test('the page of the API allows only scripts and styles of vigil, and images in its styles', async () => {
  const answer = await api.request('/api/docs');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;");
  expect(policy).not.toContain('unsafe');
});
