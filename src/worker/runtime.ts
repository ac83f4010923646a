import { DefaultLogger, Runtime, type LogEntry } from '@temporalio/worker';
import type { Log } from '../adapters/log.ts';

const LEVELS = { TRACE: null, DEBUG: null, INFO: null, WARN: 'warn', ERROR: 'error' } as const;

/** Sends what the Temporal SDK and the workflows log to our log. Once a process, before anything else of the SDK. */
export function installRuntime(log: Log): void {
  const write = ({ level, message, meta }: LogEntry): void => {
    const method = LEVELS[level];
    if (method !== null) log[method]({ ...meta }, message);
  };
  Runtime.install({ logger: new DefaultLogger('WARN', write), shutdownSignals: [] });
}
