import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../../../src/app/paths.ts';
import type { WorkerLimits } from '../../../src/temporal/worker/worker.ts';

/** Limits of workflows and of the worker. */
export interface Bounds {
  signalsPerRun?: number;
  split?: { atBytes: number; shards: number };
  workerLimits?: WorkerLimits;
}

export interface VigilProcess {
  url: string;
  /** Resolves when the process exits, for any reason. */
  ended: Promise<number | null>;
  /** Output so far. */
  output(): string;
  /** Resolves when /healthz answers 200. */
  healthy(): Promise<void>;
  /** SIGKILL, like a crash. Resolves when the process has exited. */
  kill(): Promise<void>;
  /** SIGSTOP and SIGCONT. */
  pause(): void;
  resume(): void;
  /** SIGTERM, like `docker stop`. Resolves with the exit code. */
  stop(): Promise<number | null>;
}

const MAIN = join(packageRoot, 'dist/src/app/main.js');
const BOUNDED_MAIN = join(packageRoot, 'test/support/vigil/bounded-main.mjs');
const READY_WITHIN_MS = 60_000;

/** The environment of vigil in docker-compose.yml and the image, with the addresses of the test. */
export function composeEnvironment(here: {
  temporalAddress: string;
  natsUrl: string;
  port: number;
  dataDir: string;
}): Record<string, string> {
  const compose = parse(readFileSync(join(packageRoot, 'docker-compose.yml'), 'utf8')) as {
    services: { vigil: { environment: Record<string, string> } };
  };
  return {
    NODE_ENV: 'production',
    ...compose.services.vigil.environment,
    TEMPORAL_ADDRESS: here.temporalAddress,
    NATS_URL: here.natsUrl,
    PORT: String(here.port),
    VIGIL_DATA_DIR: here.dataDir,
    // Compose fills it in.
    VIGIL_ADMIN_TOKEN: '',
  };
}

/** Starts vigil like the image, without the simulator, with exactly this environment, and optional workflow limits. */
export function startVigilProcess(env: Record<string, string>, bounds?: Bounds): VigilProcess {
  const url = `http://127.0.0.1:${env['PORT']}`;
  const [main, settings] =
    bounds === undefined ? [MAIN, env] : [BOUNDED_MAIN, { ...env, VIGIL_TEST_BOUNDS: JSON.stringify(bounds) }];
  const child = spawn(process.execPath, [main, '--no-simulator'], {
    env: settings,
    cwd: packageRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const end = (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return ended;
  };
  return {
    url,
    ended,
    output: () => output,
    async healthy() {
      const isUp = async (): Promise<boolean> => {
        if (child.exitCode !== null) throw new Error(`vigil exited with code ${child.exitCode}:\n${output}`);
        return (await fetch(`${url}/healthz`).catch(() => undefined))?.status === 200;
      };
      await vi.waitUntil(isUp, { timeout: READY_WITHIN_MS, interval: 20 });
    },
    async kill() {
      await end('SIGKILL');
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    stop: () => end('SIGTERM'),
  };
}
