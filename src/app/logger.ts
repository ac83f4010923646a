import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './settings/config.ts';

/** Fields that are noise on a terminal. */
const HIDDEN_FROM_PEOPLE = 'pid,hostname,sdkComponent,taskQueue';
/** The text of an alert line already has all fields. */
const formatters = { log: ({ alert, ...fields }: Record<string, unknown>) => (alert === undefined ? fields : {}) };

/** Logs to stdout: JSON if `forMachines` (production), else readable lines. */
export function createLogger(level: Config['logLevel'], forMachines: boolean): Logger {
  if (forMachines) return pino({ level });
  const lines = pretty({
    sync: true,
    colorize: process.stdout.isTTY,
    ignore: HIDDEN_FROM_PEOPLE,
    translateTime: 'SYS:HH:MM:ss.l',
  });
  return pino({ level, base: null, formatters }, lines);
}
