import { parseArgs } from 'node:util';
import { VigilError } from '../core/primitives/errors.ts';
import { closeRuntime, installRuntime } from '../temporal/worker/runtime.ts';
import { startApp, type App, type AppOptions } from './app.ts';
import { loadConfig, type Config } from './settings/config.ts';
import { createLogger } from './logger.ts';

const OPTIONS = { fresh: { type: 'boolean' }, 'no-simulator': { type: 'boolean' } } as const;

/** Limits of workflows and of the worker; set by tests that must reach them. */
type Bounds = Pick<AppOptions, 'signalsPerRun' | 'split' | 'workerLimits'>;

/** `npm start` and `vigil start`: runs vigil until SIGINT or SIGTERM. Resolves with the exit code. */
export async function run(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
  bounds: Bounds = {},
): Promise<number> {
  try {
    const { values } = parseArgs({ args: [...argv], options: OPTIONS });
    return await runUntilStopped(loadConfig(env), {
      fresh: values.fresh ?? false,
      simulator: !(values['no-simulator'] ?? false),
      bounds,
    });
  } catch (error) {
    if (error instanceof VigilError) say(`${error.code}: ${error.message}`);
    else if (isUsageError(error)) say(`${error.message} Options: --fresh, --no-simulator.`);
    else throw error;
    return 1;
  } finally {
    await closeRuntime();
  }
}

async function runUntilStopped(
  config: Config,
  { fresh, simulator, bounds }: { fresh: boolean; simulator: boolean; bounds: Bounds },
): Promise<number> {
  const log = createLogger(config.logLevel, process.env['NODE_ENV'] === 'production');
  const sdkMetrics = await installRuntime(log);
  const stop = new AbortController();
  let exitCode = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  const stopped = new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()));
  const onFailure = (error: Error): void => {
    say(error instanceof VigilError ? `${error.code}: ${error.message}` : `stopping: ${error.message}`);
    exitCode = 1;
    stop.abort();
  };

  let app: App;
  try {
    app = await startApp({
      config,
      fresh,
      simulator,
      log,
      progress: say,
      onFailure,
      signal: stop.signal,
      sdkMetrics,
      ...bounds,
    });
  } catch (error) {
    if (stop.signal.aborted && exitCode === 0) return 0;
    throw error;
  }
  greet(app, simulator);
  await stopped;
  say('stopping …');
  await app.stop();
  say('stopped');
  return exitCode;
}

const say = (line: string): void => console.log(`vigil: ${line}`);

function greet({ url, temporalUiUrl, natsUrl }: App, simulator: boolean): void {
  say('ready');
  say(`  vigil        ${url}`);
  if (temporalUiUrl !== null) say(`  Temporal UI  ${temporalUiUrl}`);
  say(`  NATS         ${natsUrl}`);
  say(
    simulator
      ? '  Simulating two clients with five machines each. Alerts follow; press Ctrl-C to stop.'
      : '  Alerts follow; press Ctrl-C to stop.',
  );
}

const isUsageError = (error: unknown): error is Error =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
