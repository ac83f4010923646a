import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { packageRoot } from '../../src/app/paths.ts';
import { readPidFile, type PidRecord } from '../../src/dev-servers/processes/pid-file.ts';
import { processEntry, signalGroup } from '../../src/dev-servers/processes/process-table.ts';

const MAIN = join(packageRoot, 'dist/bench/main.js');
const BENCH = 'servers/latency';
const PATIENT = { timeout: 60_000, interval: 20 };

let folder: string;
const started: number[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigil-bench-test-'));
});

afterEach(async () => {
  for (const pid of started.splice(0)) signalGroup(pid, 'SIGKILL');
  await rm(folder, { recursive: true, maxRetries: 10 });
});

/**
 * Starts a benchmark as the leader of a process group, like a terminal; resolves when both of its servers have started.
 */
async function startBench(): Promise<{ pid: number; folderName: string; servers: PidRecord[] }> {
  const before = await readdir(folder);
  const { pid = 0 } = spawn(process.execPath, [MAIN, BENCH], {
    env: { ...process.env, TMPDIR: folder },
    detached: true,
    stdio: 'ignore',
  });
  started.push(pid);
  return vi.waitUntil(async () => {
    const [folderName] = (await readdir(folder)).filter(
      (name) => name.startsWith('vigil-bench-') && !before.includes(name),
    );
    if (folderName === undefined) return undefined;
    const records = await Promise.all(
      ['temporal', 'nats'].map((server) => readPidFile(join(folder, folderName, `${server}.pid`))),
    );
    const servers = records.filter((record) => record !== null);
    started.push(...servers.map((server) => server.pid));
    return servers.length === records.length ? { pid, folderName, servers } : undefined;
  }, PATIENT);
}

const untilGone = (servers: readonly PidRecord[]): Promise<void> =>
  vi.waitFor(
    async () => expect(await Promise.all(servers.map(({ pid }) => processEntry(pid)))).toEqual(servers.map(() => null)),
    PATIENT,
  );

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'a benchmark whose process group gets %s leaves no server',
  async (signal) => {
    const { pid, servers } = await startBench();
    signalGroup(pid, signal);
    await untilGone(servers);
  },
);

test('a benchmark whose first process alone gets SIGTERM leaves no server', async () => {
  const { pid, servers } = await startBench();
  process.kill(pid, 'SIGTERM');
  await untilGone(servers);
});

test('after the process that started the servers is killed, the next benchmark stops them and removes their data, but not those of a third', async () => {
  const third = await startBench();
  const killed = await startBench();
  signalGroup(killed.pid, 'SIGKILL');
  const next = await startBench();
  await untilGone(killed.servers);
  expect(await readdir(folder)).toEqual([third.folderName, next.folderName].sort());
  for (const { pid } of third.servers) expect(await processEntry(pid)).not.toBeNull();
});
