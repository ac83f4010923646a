import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config.ts';

/** Fields that say nothing to the person at the terminal. */
const HIDDEN_FROM_PEOPLE = 'pid,hostname,sdkComponent,taskQueue';
/** A line on an alert says all of it in words. */
const formatters = { log: ({ alert, ...fields }: Record<string, unknown>) => (alert === undefined ? fields : {}) };

/** Structured logs on stdout: JSON for machines in production, else lines for the person who ran `npm start`. */
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
