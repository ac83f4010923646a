import { describe, expect, test } from 'vitest';
import { createApi } from '../../src/api/api.ts';
import { fakeVigil } from './fake-ports.ts';

const api = createApi(fakeVigil().deps);

describe('the page', () => {
  test('is served and allows only its own scripts and import map', async () => {
    const answer = await api.request('/');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/html');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self' 'sha256-[\w+/]+=*';/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
  });

  test.each([
    ['/style.css', 'text/css'],
    ['/favicon.svg', 'image/svg+xml'],
    ['/vendor/htm-preact.js', 'text/javascript'],
    ['/vendor/swagger-ui.css', 'text/css'],
    ['/vendor/swagger-ui-bundle.js', 'text/javascript'],
    ['/api-docs.js', 'text/javascript'],
    ['/console/main.js', 'text/javascript'],
  ])('serves %s', async (path, type) => {
    const answer = await api.request(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain(type);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
  });

  test.each([
    '/package.json',
    '/../package.json',
    '/console/../app/main.js',
    '/console/%2e%2e/app/main.js',
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
