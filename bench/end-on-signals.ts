import { constants } from 'node:os';

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** What shells add to the number of the signal that ended a program. */
const EXIT_BY_SIGNAL = 128;

/**
 * Ends the process by itself when a signal asks for it: one that a signal ends runs no exit handlers, and it is those that stop the
 * servers it has started. A terminal's Ctrl-C reaches every process of a bench, so each of them calls this.
 */
export function endOnSignals(): void {
  for (const signal of ENDING) process.once(signal, () => process.exit(EXIT_BY_SIGNAL + constants.signals[signal]));
}
