import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readPidFile } from '../../src/dev-servers/processes/pid-file.ts';
import { processEntry } from '../../src/dev-servers/processes/process-table.ts';
import { startServer, STOP_GRACE_MS, type ServerProcess } from '../../src/dev-servers/processes/server-process.ts';

const PATIENT = { timeout: 20_000 };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigil-process-'));
});

afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

/** Runs a shell script as a server that is ready when its log says so. */
async function startScript(script: string, onDied: () => void = () => {}): Promise<ServerProcess> {
  const logFile = join(folder, 'log');
  const launch = { name: 'Demo', executable: '/bin/sh', args: ['-c', script], env: process.env, logFile };
  return startServer(
    { ...launch, pidFile: join(folder, 'pid') },
    () =>
      vi.waitFor(async () => expect(await readFile(logFile, 'utf8')).toContain('ready'), {
        timeout: 5_000,
        interval: 5,
      }),
    onDied,
  );
}

test('a server that ignores SIGTERM is killed after 10 s, with its children', async () => {
  const server = await startScript(`trap '' TERM; sleep 600 & echo "$!" ready; while :; do sleep 1; done`);
  const child = Number((await readFile(join(folder, 'log'), 'utf8')).split(' ')[0]);
  const { pid = 0 } = (await readPidFile(join(folder, 'pid'))) ?? {};

  vi.useFakeTimers({ toFake: ['setTimeout'] });
  let over = false;
  const stopping = server.stop().then(() => {
    over = true;
  });
  await vi.advanceTimersByTimeAsync(STOP_GRACE_MS - 1);
  expect(over).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await stopping;
  vi.useRealTimers();

  expect(await processEntry(pid)).toBeNull();
  await vi.waitFor(async () => expect(await processEntry(child)).toBeNull(), PATIENT);
});

test('stopping twice, or after the server has exited, is not an error', async () => {
  const onDied = vi.fn();
  const server = await startScript('echo ready; exec sleep 600', onDied);

  await Promise.all([server.stop(), server.stop()]);
  await server.stop();

  expect(onDied).not.toHaveBeenCalled();
});

test('the error for a program that cannot start names the program', async () => {
  const launch = { name: 'Demo', executable: join(folder, 'missing'), args: [], env: process.env };
  const files = { logFile: join(folder, 'log'), pidFile: join(folder, 'pid') };

  const starting = startServer({ ...launch, ...files }, () => new Promise(() => {}), vi.fn());

  await expect(starting).rejects.toMatchObject({ code: 'SERVER_DIED' });
  await expect(starting).rejects.toThrow(/missing ENOENT/);
});
