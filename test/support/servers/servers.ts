import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { findBinary } from '../../../src/dev-servers/binaries/find-binary.ts';
import { serverFiles, startLocalServer, type LocalServer } from '../../../src/dev-servers/local-server.ts';
import { localNats } from '../../../src/dev-servers/nats.ts';
import { readPidFile } from '../../../src/dev-servers/processes/pid-file.ts';
import { hostPlatform } from '../../../src/dev-servers/binaries/pins.ts';
import { signalGroup } from '../../../src/dev-servers/processes/process-table.ts';
import type { ServerProcess } from '../../../src/dev-servers/processes/server-process.ts';
import { localTemporal } from '../../../src/dev-servers/temporal.ts';
import { freePorts } from './free-ports.ts';

/** Real servers on free ports with temporary data. Tests use the namespace `default`. */
export interface TestServers {
  temporalAddress: string;
  natsUrl: string;
  temporal: RestartableServer;
  nats: RestartableServer;
  /** Stops both and removes their data. */
  stop(): Promise<void>;
}

export interface RestartableServer {
  /** SIGKILL, like a crash. */
  kill(): Promise<void>;
  /** Restarts it on the same port with the same data. */
  restart(): Promise<void>;
  pause(): void;
  resume(): void;
}

/** Data directories of the servers, without logs. */
export type DataFolders = Partial<Record<'Temporal' | 'NATS', string | undefined>>;

/**
 * Servers for the calling test file, stopped after its last test. Call it at the top of the file, so that its hook runs
 * last. Files share no servers: rules and workflows that one leaves would keep the vigil of the next one busy.
 */
export async function fileServers(): Promise<TestServers> {
  const servers = await startTestServers();
  afterAll(() => servers.stop());
  return servers;
}

export async function startTestServers(folders: DataFolders = {}): Promise<TestServers> {
  const [temporalPort = 0, natsPort = 0] = await freePorts(2);
  const dataDir = await mkdtemp(join(tmpdir(), 'vigil-servers-'));
  // A namespace that only this server has: the start fails if another one has taken the port.
  const namespace = `test-${randomUUID()}`;
  const temporalServer = {
    ...localTemporal({ dataDir: folders.Temporal ?? dataDir, namespace, port: temporalPort, uiPort: 0 }),
    ...serverFiles(dataDir, 'temporal'),
  };
  const natsServer = {
    ...localNats({ dataDir: folders.NATS ?? dataDir, port: natsPort }),
    ...serverFiles(dataDir, 'nats'),
  };
  const starts = [await prepareStart(temporalServer), await prepareStart(natsServer)] as const;
  const [temporal, nats] = await Promise.all([startRestartable(starts[0]), startRestartable(starts[1])]);

  return {
    temporalAddress: `127.0.0.1:${temporalPort}`,
    natsUrl: `nats://127.0.0.1:${natsPort}`,
    temporal,
    nats,
    async stop() {
      // Nobody needs their data any more, and a clean stop of Temporal takes more than a second.
      await Promise.all([temporal.kill(), nats.kill()]);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function startRestartable(start: () => Promise<Started>): Promise<RestartableServer> {
  let { server, pid } = await start();
  return {
    async kill() {
      // In one step, so that it does not count as an unexpected exit.
      signalGroup(pid, 'SIGKILL');
      await server.stop();
    },
    pause: () => signalGroup(pid, 'SIGSTOP'),
    resume: () => signalGroup(pid, 'SIGCONT'),
    async restart() {
      await server.stop();
      ({ server, pid } = await start());
    },
  };
}

interface Started {
  server: ServerProcess;
  pid: number;
}

/** Finds or builds the executable; returns a function that starts it. */
async function prepareStart(server: LocalServer): Promise<() => Promise<Started>> {
  const { signal } = new AbortController();
  const { env } = process;
  const executable = await findBinary(server.pin, { env, platform: hostPlatform(), progress: () => {}, signal });
  const onDied = (error: Error): never => {
    throw error;
  };
  return async () => {
    const started = await startLocalServer(server, executable, { env, signal, progress: () => {}, onDied });
    const { pid = 0 } = (await readPidFile(server.pidFile)) ?? {};
    return { server: started, pid };
  };
}
