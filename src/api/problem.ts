import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Problem } from './schemas/problem.ts';

export interface Refusal {
  code: string;
  status: ContentfulStatusCode;
  title: string;
  detail: string;
  fields?: Record<string, unknown>;
}

/** The only form of error answers: RFC 9457. */
export function answerProblem(c: Context, { code, status, title, detail, fields = {} }: Refusal): Response {
  // A name, not an address: it is the same at every installation and behind every proxy.
  const problem: Problem = { type: `urn:vigil:error:${code}`, title, status, detail, code, fields };
  return c.body(JSON.stringify(problem), status, { 'content-type': 'application/problem+json' });
}
