import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Problem } from './schemas/shared/problem.ts';

export interface Refusal {
  code: string;
  status: ContentfulStatusCode;
  title: string;
  detail: string;
  fields?: Record<string, unknown>;
}

/** The only form of error answers: RFC 9457. */
export const answerProblem = (c: Context, refusal: Refusal): Response =>
  c.body(JSON.stringify(problemFrom(refusal)), refusal.status, { 'content-type': 'application/problem+json' });

export const problemFrom = ({ code, status, title, detail, fields = {} }: Refusal): Problem => ({
  // A name, not an address: it is the same at every installation and behind every proxy.
  type: `urn:vigil:error:${code}`,
  ...{ title, status, detail, code, fields },
});
