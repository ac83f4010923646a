import type { z } from '@hono/zod-openapi';
import type { ErrorCode } from '../../core/primitives/errors.ts';
import { kindOf, type RequestErrorCode } from '../errors.ts';
import { problemSchema } from '../schemas/shared/problem.ts';

/* The responses of an operation, for createRoute. */

type Code = ErrorCode | RequestErrorCode;

export const json = <Schema extends z.ZodType>(description: string, schema: Schema) => ({
  description,
  content: { 'application/json': { schema } },
});

/** A rule has its version as ETag. */
export const withEtag = <Schema extends z.ZodType>(description: string, schema: Schema) => ({
  ...json(description, schema),
  headers: { ETag: { description: 'the version in quotes, for If-Match', schema: { type: 'string' as const } } },
});

export const noContent = (description: string) => ({ description });

/** The problems that an operation can answer with, beside those of every operation. Not part of its type: handlers throw. */
export function problems(...codes: Code[]): object {
  const all: Code[] = [...codes, 'UNAUTHENTICATED', 'FORBIDDEN', 'HOST_NOT_ALLOWED', 'INTERNAL'];
  const statuses = new Set(all.map((code) => kindOf(code).status));
  return Object.fromEntries(
    [...statuses].map((status) => [status, problem(all.filter((code) => kindOf(code).status === status))]),
  );
}

const problem = (codes: readonly Code[]) => ({
  description: codes.map((code) => `\`${code}\`: ${kindOf(code).title}`).join('\n\n'),
  content: { 'application/problem+json': { schema: problemSchema } },
});

/** The same for an operation that changes something. */
export const problemsOfChange = (...codes: Code[]): object => problems(...codes, 'CROSS_ORIGIN', 'BODY_TOO_LARGE');
