/**
 * Every error a user can meet, in one table: the code is stable, the text says what to do.
 * Codes are documented in docs/errors.md; a test compares the two.
 */
export const ERROR_CODES = {
  RULE_INVALID: 'The rule is not valid.',
  RULE_NOT_FOUND: 'There is no such rule.',
  RULE_ID_MISMATCH: 'The rule says another id or client than its address.',
  EVENT_INVALID: 'The event cannot be used.',
  DEAD_LETTER_NOT_FOUND: 'There is no such dead letter.',
  DEAD_LETTER_CUT: 'The dead letter is not whole.',
  CONFIG_INVALID: 'A setting is not valid.',
  LANES_IN_USE: 'Other readers share the event stream into another number of lanes.',
  POLICY_INVALID: 'The alert policy is not valid.',
  PORT_TAKEN: 'A port that vigil needs is in use.',
  SERVER_NOT_FOUND: 'A server that vigil needs is neither running nor to be had.',
  SERVER_DOWNLOAD_FAILED: 'The download of a server failed.',
  SERVER_CHECKSUM: 'A downloaded server is not what was expected.',
  SERVER_BUILD_FAILED: 'A server could not be built.',
  SERVER_DIED: 'A server that vigil started has ended.',
  TEMPORAL_UNREACHABLE: 'Temporal does not answer.',
  NATS_UNREACHABLE: 'NATS does not answer.',
  WORKFLOW_LOOPS: 'A workflow loops, so the worker stands still.',
  WORKFLOW_INTERRUPTED: 'A workflow was interrupted, so the worker ended itself.',
  API_UNREACHABLE: 'vigil does not answer.',
  API_REFUSED: 'vigil refused the request.',
  SIMULATOR_OFF: 'The simulator is not running.',
  FILE_UNREADABLE: 'A file cannot be read.',
  STATE_VERSION_UNKNOWN: 'The state of a set is of a version that this build of vigil cannot read.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** An error for people: `code` to look up, `message` with what to do, `fields` for programs. */
export class VigilError extends Error {
  readonly code: ErrorCode;
  readonly fields: Record<string, unknown>;

  constructor(code: ErrorCode, advice: string, fields: Record<string, unknown> = {}, options?: { cause?: unknown }) {
    super(`${ERROR_CODES[code]} ${advice}`, options);
    this.name = 'VigilError';
    this.code = code;
    this.fields = fields;
  }
}
