import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

const VERSION_TIMEOUT_MS = 10_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const LAST_LINES = 15;

const execFileAsync = promisify(execFile);

/** Runs a command and returns its stdout. Interrupts it when `signal` aborts. */
export async function run(
  command: string,
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; signal?: AbortSignal; timeoutMs?: number },
): Promise<string> {
  const done = await execFileAsync(command, args, {
    env: options.env,
    maxBuffer: MAX_OUTPUT_BYTES,
    killSignal: 'SIGINT',
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
  });
  return done.stdout;
}

/** All executables with this name on PATH, in order. */
export async function onPath(name: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(isAbsolute);
  const candidates = folders.map((folder) => join(folder, name));
  const executable = await Promise.all(candidates.map(isExecutable));
  return candidates.filter((_, index) => executable[index]);
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The first line of `--version`, or null if the executable does not run. */
export async function versionOf(executable: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  if (!(await isExecutable(executable))) return null;
  return run(executable, ['--version'], { env, timeoutMs: VERSION_TIMEOUT_MS }).then(
    (output) => output.trim().split('\n')[0] ?? '',
    () => null,
  );
}

/** The last lines of a text, to show under an error. */
export function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-LAST_LINES).join('\n');
}

/** The message of the innermost cause: network errors have the useful message there. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message || error.name;
}
