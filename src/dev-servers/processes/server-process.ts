import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { VigilError } from '../../core/primitives/errors.ts';
import { lastLines, reasonOf } from './command.ts';
import { formatPidFile } from './pid-file.ts';
import { signalGroup } from './process-table.ts';

/** Time between SIGTERM and SIGKILL. */
export const STOP_GRACE_MS = 10_000;

export interface Launch {
  /** Display name: `Temporal`, `NATS`. */
  name: string;
  executable: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  logFile: string;
  pidFile: string;
}

export interface ServerProcess {
  /** Sends SIGTERM, then SIGKILL after 10 s. Resolves when the process has exited. */
  stop(): Promise<void>;
}

/**
 * Starts a server in its own process group, so that Ctrl-C in the terminal signals only vigil, which then stops its
 * servers in order. Resolves when `ready` does.
 * @param onDied called if the server exits later without stop()
 * @throws VigilError SERVER_DIED
 */
export async function startServer(
  launch: Launch,
  ready: (signal: AbortSignal) => Promise<void>,
  onDied: (error: VigilError) => void,
): Promise<ServerProcess> {
  const { child, ended } = spawnServer(launch);
  let wanted = true;
  const stop = async (): Promise<void> => {
    wanted = false;
    await endGroup(child, ended);
  };

  const startUp = new AbortController();
  const died = ended.then(async (how) => Promise.reject(await diedError(launch, how)));
  try {
    await Promise.race([ready(startUp.signal), died]);
  } catch (error) {
    startUp.abort();
    await stop();
    throw error;
  }
  void ended.then(async (how) => {
    if (wanted) onDied(await diedError(launch, how));
  });
  return { stop };
}

/** `ended` resolves with the reason: `exit code 1`, `SIGKILL`, or why it could not start. */
function spawnServer(launch: Launch): { child: ChildProcess; ended: Promise<string> } {
  const log = openSync(launch.logFile, 'w');
  const child = spawn(launch.executable, launch.args, { detached: true, stdio: ['ignore', log, log], env: launch.env });
  closeSync(log);
  if (child.pid !== undefined) writeFileSync(launch.pidFile, formatPidFile({ pid: child.pid, vigilPid: process.pid }));

  // Stops the server if vigil exits without stop(), by a bug or process.exit().
  const endWithVigil = (): void => {
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGTERM');
  };
  process.once('exit', endWithVigil);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  }).finally(() => {
    process.off('exit', endWithVigil);
    rmSync(launch.pidFile, { force: true });
  });
  return { child, ended };
}

async function endGroup(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const { pid } = child;
    signalGroup(pid, 'SIGTERM');
    const killTimer = setTimeout(() => signalGroup(pid, 'SIGKILL'), STOP_GRACE_MS);
    await ended;
    clearTimeout(killTimer);
  }
  await ended;
}

async function diedError(launch: Launch, how: string): Promise<VigilError> {
  const log = await readFile(launch.logFile, 'utf8').catch(reasonOf);
  return new VigilError(
    'SERVER_DIED',
    `${launch.name}: ${how}. Last lines of ${launch.logFile}:\n${lastLines(log)}\n` +
      'Restart vigil. If this happens again, start with empty data: `--fresh`.',
    { server: launch.name, how, logFile: launch.logFile },
  );
}
