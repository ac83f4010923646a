import type { Context, ValidationTargets } from 'hono';
import type { z } from 'zod';
import { VigilError } from '../../core/primitives/errors.ts';
import { RequestError } from '../errors.ts';

type Checked = { target: keyof ValidationTargets } & ({ success: true } | { success: false; error: z.ZodError });

const LONGEST = 200;

/**
 * Refuses a parameter that its schema does not allow, with the text of the schema; `fields` has its value.
 * @throws RequestError REQUEST_INVALID
 */
export function refuseInvalid(result: Checked, c: Context): undefined {
  if (result.success) return undefined;
  const { name, value, message } = firstIssue(result, c);
  const field = name.replaceAll(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());
  throw new RequestError('REQUEST_INVALID', message, { [field]: value });
}

/** The same for the type of an event. @throws VigilError EVENT_INVALID */
export function refuseInvalidEvent(result: Checked, c: Context): undefined {
  if (result.success) return undefined;
  const { name, value, message } = firstIssue(result, c);
  if (name === 'type') throw new VigilError('EVENT_INVALID', message, { type: value });
  refuseInvalid(result, c);
  return undefined;
}

function firstIssue({ target, error }: { target: keyof ValidationTargets; error: z.ZodError }, c: Context) {
  const [issue] = error.issues;
  const name = String(issue?.path[0] ?? '');
  const given = valueOf(target, name, c);
  const value = given?.slice(0, LONGEST) ?? null;
  return { name, value, message: issue?.message ?? '' };
}

function valueOf(target: keyof ValidationTargets, name: string, c: Context): string | undefined {
  if (target === 'param') return c.req.param(name);
  return target === 'header' ? c.req.header(name) : c.req.query(name);
}
