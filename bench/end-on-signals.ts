import { constants } from 'node:os';

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Offset of the exit code after a signal (shell convention). */
const EXIT_BY_SIGNAL = 128;

/**
 * Exits on SIGINT, SIGTERM and SIGHUP, because exit handlers, which stop the started servers, do not run if a signal
 * kills the process. Ctrl-C signals every process of a benchmark, so each of them calls this.
 */
export function endOnSignals(): void {
  for (const signal of ENDING) process.once(signal, () => process.exit(EXIT_BY_SIGNAL + constants.signals[signal]));
}
