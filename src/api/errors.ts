import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ERROR_CODES, VigilError, type ErrorCode } from '../core/primitives/errors.ts';
import type { Problem } from './schemas/shared/problem.ts';
import { answerProblem, problemFrom, type Refusal } from './problem.ts';

/** Errors specific to HTTP requests; all others are VigilErrors. */
export const REQUEST_ERRORS = {
  REQUEST_INVALID: { status: 400, text: 'The request is not valid.' },
  UNAUTHENTICATED: { status: 401, text: 'The request needs a valid token.' },
  FORBIDDEN: { status: 403, text: 'The token does not allow this.' },
  CROSS_ORIGIN: { status: 403, text: 'Cross-origin requests must not change anything.' },
  HOST_NOT_ALLOWED: { status: 403, text: 'The host name is not allowed.' },
  NOT_FOUND: { status: 404, text: 'The path does not exist.' },
  METHOD_NOT_ALLOWED: { status: 405, text: 'The path does not have this method.' },
  MACHINE_NOT_FOUND: { status: 404, text: 'The simulator does not have this machine.' },
  BODY_TOO_LARGE: { status: 413, text: 'The request body is too large.' },
  MEDIA_TYPE_NOT_SUPPORTED: { status: 415, text: 'The content type is not supported.' },
  INTERNAL: { status: 500, text: 'Internal error.' },
} as const satisfies Record<string, { status: ContentfulStatusCode; text: string }>;

export type RequestErrorCode = keyof typeof REQUEST_ERRORS;

export class RequestError extends Error {
  readonly code: RequestErrorCode;
  readonly fields: Record<string, unknown>;

  constructor(code: RequestErrorCode, advice: string, fields: Record<string, unknown> = {}) {
    super(`${REQUEST_ERRORS[code].text} ${advice}`);
    this.name = 'RequestError';
    this.code = code;
    this.fields = fields;
  }
}

export const HTTP_STATUS: Record<ErrorCode, ContentfulStatusCode> = {
  RULE_INVALID: 400,
  RULE_NOT_FOUND: 404,
  RULE_ID_MISMATCH: 409,
  RULE_CHANGED: 412,
  RULE_VERSION_NOT_FOUND: 404,
  CLIENT_PAUSED: 409,
  CLIENT_UNREADABLE: 500,
  PREVIEW_BUSY: 429,
  QUOTA_RULES: 409,
  QUOTA_EVENTS: 429,
  QUOTA_PREVIEWS: 429,
  PARTITION_SET_NOT_FOUND: 404,
  PARTITION_NOT_FOUND: 404,
  ACTION_INVALID: 400,
  ALERT_NOT_FIRING: 409,
  ALERT_EPISODE_OVER: 409,
  ALERT_ELSEWHERE: 409,
  PARTITION_SET_FULL: 409,
  PARTITION_SET_BUSY: 503,
  RESET_IMPOSSIBLE: 409,
  EVENT_INVALID: 400,
  ALERT_NOT_FOUND: 404,
  ALERT_RECORDS_BEHIND: 503,
  DEAD_LETTER_NOT_FOUND: 404,
  DEAD_LETTER_CUT: 409,
  SIMULATOR_OFF: 409,
  TOKEN_NOT_FOUND: 404,
  TOKEN_NEEDED: 409,
  TOKENS_FULL: 409,
  TEMPORAL_UNREACHABLE: 503,
  NATS_UNREACHABLE: 503,
  WORKFLOW_LOOPS: 500,
  WORKFLOW_INTERRUPTED: 500,
  SERVER_DIED: 503,
  SERVER_NOT_FOUND: 503,
  API_UNREACHABLE: 502,
  API_REFUSED: 502,
  CONFIG_INVALID: 500,
  LANES_IN_USE: 500,
  POLICY_INVALID: 500,
  PORT_TAKEN: 500,
  SERVER_DOWNLOAD_FAILED: 500,
  SERVER_CHECKSUM: 500,
  SERVER_BUILD_FAILED: 500,
  ENCRYPTION_KEY_UNKNOWN: 503,
  PAYLOAD_UNREADABLE: 400,
  FILE_UNREADABLE: 500,
  STATE_VERSION_UNKNOWN: 500,
};

export interface ErrorLogger {
  error(fields: Record<string, unknown>, text: string): void;
}

/** The status and the title of a code. */
export function kindOf(code: ErrorCode | RequestErrorCode): Pick<Refusal, 'status' | 'title'> {
  if (code in REQUEST_ERRORS) {
    const { status, text } = REQUEST_ERRORS[code as RequestErrorCode];
    return { status, title: text };
  }
  return { status: HTTP_STATUS[code as ErrorCode], title: ERROR_CODES[code as ErrorCode] };
}

/** Answers errors as problems. Logs unexpected ones and hides their details from the caller. */
export function answerError(logger: ErrorLogger) {
  return (error: Error, c: Context): Response => {
    const refusal = refusalOf(error);
    if (refusal.status >= 500)
      logger.error({ err: error, method: c.req.method, path: c.req.path }, 'api: request failed');
    const seconds = refusal.fields?.['retryAfterSeconds'];
    if (typeof seconds === 'number') c.header('retry-after', String(seconds));
    return answerProblem(c, refusal);
  };
}

/** An error as a problem, for an answer that has begun already. */
export const problemOf = (error: unknown): Problem => problemFrom(refusalOf(error));

const INTERNAL = new RequestError('INTERNAL', 'See the log of vigil.');

function refusalOf(error: unknown): Refusal {
  const known = error instanceof VigilError || error instanceof RequestError ? error : INTERNAL;
  const { code, message, fields } = known;
  const { status, title } = kindOf(code);
  return { code, status, title, detail: message.slice(title.length).trim(), fields };
}
