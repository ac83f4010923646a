import { afterEach, describe, expect, test } from 'vitest';
import { createApi } from '../../src/api/api.ts';
import { serveApi, type RunningApi } from '../../src/api/serve.ts';
import { fakeVigil } from './fakes/fake-ports.ts';

const running: RunningApi[] = [];
const serve = async (port = 0, host?: string, vigil = fakeVigil()): Promise<RunningApi> => {
  const api = await serveApi(createApi(vigil.deps), port, host);
  running.push(api);
  return api;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((api) => api.stop()));
});

describe('serving', () => {
  test('listens on a free port of the loopback interface only', async () => {
    const { port } = await serve();
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`);
    expect(answer.status).toBe(200);
    await expect(fetch(`http://[::1]:${port}/healthz`)).rejects.toThrow();
  });

  test('stops immediately with open live updates', async () => {
    const vigil = fakeVigil();
    const api = await serveApi(createApi(vigil.deps), 0);
    const live = await fetch(`http://127.0.0.1:${api.port}/api/live`);
    expect(vigil.listeners()).toBe(1);
    await api.stop();
    await expect(live.text()).rejects.toThrow();
    await expect.poll(() => vigil.listeners()).toBe(0);
    await expect(fetch(`http://127.0.0.1:${api.port}/healthz`)).rejects.toThrow();
  });

  test('unsubscribes a reader that has disconnected', async () => {
    const vigil = fakeVigil();
    const { port } = await serve(0, undefined, vigil);
    const leave = new AbortController();
    await fetch(`http://127.0.0.1:${port}/api/live`, { signal: leave.signal });
    expect(vigil.listeners()).toBe(1);
    leave.abort();
    await expect.poll(() => vigil.listeners()).toBe(0);
  });

  test('reports the port in use and the setting', async () => {
    const { port } = await serve();
    const taken = serve(port);
    await expect(taken).rejects.toMatchObject({ code: 'PORT_TAKEN', fields: { port } });
    await expect(taken).rejects.toThrow(new RegExp(`${port}.*PORT`));
  });

  test('reports a host that is not an address of this machine', async () => {
    const wrong = serve(0, '192.0.2.1');
    await expect(wrong).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(wrong).rejects.toThrow('HOST');
  });
});
