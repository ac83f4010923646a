import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { packageRoot } from '../../../src/app/paths.ts';
import { freePorts } from '../servers/free-ports.ts';

export interface Started {
  url: string;
  temporalUi: string;
  stop(): Promise<void>;
}

const READY = { timeout: 120_000, interval: 200 };

/** What `npm start` runs, with ports and a data directory of its own. */
export async function npmStart(env: Record<string, string> = {}): Promise<Started> {
  const [port = 0, temporal = 0, temporalUi = 0, nats = 0] = await freePorts(4);
  const dataDir = await mkdtemp(join(tmpdir(), 'vigil-npm-start-'));
  const child = spawn(process.execPath, [join(packageRoot, 'dist/src/app/main.js')], {
    cwd: packageRoot,
    env: {
      ...process.env,
      ...env,
      PORT: String(port),
      TEMPORAL_PORT: String(temporal),
      TEMPORAL_UI_PORT: String(temporalUi),
      NATS_PORT: String(nats),
      VIGIL_DATA_DIR: dataDir,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = `http://localhost:${port}`;
  await vi.waitUntil(async () => {
    if (child.exitCode !== null) throw new Error(`vigil exited with code ${child.exitCode}.`);
    return (await fetch(`${url}/healthz`).catch(() => undefined))?.status === 200;
  }, READY);
  return {
    url,
    temporalUi: `http://localhost:${temporalUi}`,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
