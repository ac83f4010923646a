import { join } from 'node:path';
import type { VigilError } from '../core/primitives/errors.ts';
import type { Pin } from './binaries/pins.ts';
import type { PortSetting } from './ports.ts';
import { startServer, type ServerProcess } from './processes/server-process.ts';
import type { Patience } from './until-answers.ts';

/** A server that vigil can run: its settings, its files, and when it is ready. */
export interface LocalServer {
  /** Display name: `Temporal`, `NATS`. */
  name: string;
  pin: Pin;
  /** Absolute. */
  dataDir: string;
  ports: readonly PortSetting[];
  logFile: string;
  pidFile: string;
  /** Names of its files and directories in the data directory. */
  entries: readonly string[];
  args: readonly string[];
  /** An argument that identifies the process of this server. */
  mark: string;
  /** Writes the configuration of the server. */
  prepare(): Promise<void>;
  ready(patience: Patience): Promise<void>;
}

const READY_WITHIN_MS = 120_000;

export interface StartContext {
  env: NodeJS.ProcessEnv;
  progress: (line: string) => void;
  signal: AbortSignal;
  onDied: (error: VigilError) => void;
}

/**
 * Starts a server and waits until it is ready.
 * @throws VigilError SERVER_DIED, TEMPORAL_UNREACHABLE, NATS_UNREACHABLE
 */
export async function startLocalServer(
  server: LocalServer,
  executable: string,
  { env, progress, signal, onDied }: StartContext,
): Promise<ServerProcess> {
  const startedMs = performance.now();
  await server.prepare();
  signal.throwIfAborted();
  const { name, args, logFile, pidFile } = server;
  const process = await startServer(
    { name, executable, args, env: withoutServerSettings(env), logFile, pidFile },
    (startUp) => server.ready({ withinMs: READY_WITHIN_MS, signal: AbortSignal.any([signal, startUp]), progress }),
    onDied,
  );
  progress(`${name} is ready (${((performance.now() - startedMs) / 1000).toFixed(1)} s), log: ${logFile}`);
  return process;
}

/** Removes vigil's settings, because `temporal` and `nats-server` also read environment variables. */
function withoutServerSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(TEMPORAL|NATS)_/.test(name)));
}

export function serverFiles(dataDir: string, name: string): { logFile: string; pidFile: string } {
  return { logFile: join(dataDir, `${name}.log`), pidFile: join(dataDir, `${name}.pid`) };
}
