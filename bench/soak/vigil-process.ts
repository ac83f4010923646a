import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { packageRoot } from '../../src/app/paths.ts';
import { MB } from './samples.ts';

export interface VigilProcess {
  url: string;
  pid: number;
  /** Heap after garbage collection, MB. */
  liveHeap(): Promise<number>;
  /** Sends SIGTERM. Resolves with the exit code. */
  stop(): Promise<number | null>;
}

const MAIN = join(packageRoot, 'dist/src/app/main.js');
const LIVE_HEAP = join(packageRoot, 'dist/bench/soak/live-heap.js');
const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;

/** Starts vigil in a separate process, to measure its memory. Resolves when it is healthy. */
export async function startVigilProcess(settings: Record<string, string>, logFile: string): Promise<VigilProcess> {
  const url = `http://127.0.0.1:${settings['PORT'] ?? ''}`;
  const child = spawn(process.execPath, ['--expose-gc', '--import', LIVE_HEAP, MAIN, '--no-simulator'], {
    env: { ...process.env, NODE_ENV: 'production', ...settings },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const log = createWriteStream(logFile);
  for (const stream of [child.stdout, child.stderr]) stream?.pipe(log, { end: false });
  process.once('exit', () => child.kill('SIGKILL'));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const untilMs = performance.now() + READY_WITHIN_MS;
  const isHealthy = async (): Promise<boolean> =>
    (await fetch(`${url}/healthz`).catch(() => undefined))?.status === 200;
  while (!(await isHealthy())) {
    if (child.exitCode !== null || performance.now() > untilMs) throw new Error(`vigil did not start; see ${logFile}`);
    await delay(LOOK_EVERY_MS);
  }
  return {
    url,
    pid: child.pid ?? 0,
    async liveHeap() {
      const answer = once(child, 'message') as Promise<[number]>;
      child.send('collect');
      const [bytes] = await answer;
      return bytes / MB;
    },
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
