import { z } from 'zod';
import { isPath } from '../../core/primitives/path.ts';

/* The types of settings: what a variable of the environment may be, and what vigil makes of it. */

const PORT_ADVICE = 'must be a port, a number from 0 to 65535';
const MAX_PORT = 65_535;
/** Characters that nobody can guess. */
export const MIN_TOKEN = 24;
const HOST_PORT = /^([\w.-]+|\[[\da-fA-F:]+\]):\d{1,5}$/;
const NATS_URLS = /^(nats|tls):\/\/[^\s,]+(,(nats|tls):\/\/[^\s,]+)*$/;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Parts that can run in separate processes. */
export const RUNNABLE_PARTS = ['worker', 'subscriber', 'alerts'] as const;

export const LEVEL_ADVICE = `must be ${LOG_LEVELS.slice(0, -1).join(', ')} or ${LOG_LEVELS.at(-1) ?? ''}`;

export const port = z
  .string()
  .regex(/^\d{1,5}$/, PORT_ADVICE)
  .transform(Number)
  .refine((number) => number <= MAX_PORT, PORT_ADVICE);
export const hostPort = z.string().regex(HOST_PORT, 'must be host:port, such as localhost:7233');
export const natsUrls = z.string().regex(NATS_URLS, 'must be nats://host:port, or several separated by commas');
export const webAddress = z.url({ protocol: /^https?$/, error: 'must be an http or https address' });
export const name = z.string().regex(/^[\w.-]{1,200}$/, 'must have 1 to 200 letters, digits, ".", "_" and "-"');
export const text = z.string();
export const parts = z
  .string()
  .transform((list) => list.split(',').map((entry) => entry.trim()))
  .pipe(z.array(z.enum(RUNNABLE_PARTS, `must be a list of ${RUNNABLE_PARTS.join(', ')}, separated by commas`)));
export const lanes = z
  .string()
  .regex(/^[1-9]\d{0,2}$/, 'must be a number from 1 to 999')
  .transform(Number);
export const flag = z.enum(['true', 'false'], 'must be true or false').transform((word) => word === 'true');
export const eventPath = z
  .string()
  .refine(
    (path) => isPath(path) && !path.includes('['),
    'must be a property of an event, such as messageId or meta.id',
  );
export const hostNames = z
  .string()
  .transform((list) => list.split(',').map((entry) => entry.trim()))
  .pipe(z.array(z.hostname('must be host names separated by commas, such as vigil.example.com')));

export const quota = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'must be a whole number from 1 to 999999999')
  .transform(Number)
  .optional();
