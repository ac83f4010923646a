/**
 * Every error that a user can meet. The code is stable; the text says what is wrong. docs/errors.md documents all of
 * them, and a test compares the two.
 */
export const ERROR_CODES = {
  RULE_INVALID: 'The rule is not valid.',
  RULE_NOT_FOUND: 'The rule does not exist.',
  RULE_ID_MISMATCH: 'The rule has a different id or client than the request path.',
  RULE_CHANGED: 'The rule has another version than the request expects.',
  RULE_VERSION_NOT_FOUND: 'The rule does not have this version, or vigil keeps it no longer.',
  CLIENT_PAUSED: 'All rules of the client are paused.',
  CLIENT_UNREADABLE: 'What vigil keeps of the client cannot be read.',
  PREVIEW_BUSY: 'No further preview can run now.',
  QUOTA_RULES: 'The client has as many rules as its quota allows.',
  QUOTA_EVENTS: 'The client sends more events than its quota allows.',
  QUOTA_PREVIEWS: 'The previews of the client have used the time that its quota allows.',
  PARTITION_SET_NOT_FOUND: 'No partition set of the rule runs for this group.',
  PARTITION_NOT_FOUND: 'The partition set does not have this partition.',
  ACTION_INVALID: 'The action on the alert is not valid.',
  ALERT_NOT_FIRING: 'The alert does not fire.',
  ALERT_EPISODE_OVER: 'The alert has another episode than the action expects.',
  ALERT_ELSEWHERE: 'Another workflow holds the alert.',
  PARTITION_SET_FULL: 'The state of the partition set is as large as it can be.',
  PARTITION_SET_BUSY: 'The partition set cannot take an action now.',
  RESET_IMPOSSIBLE: 'The partition set cannot be reset to this time.',
  EVENT_INVALID: 'The event is not valid.',
  ALERT_NOT_FOUND: 'The alert does not exist.',
  ALERT_RECORDS_BEHIND: 'The records of alerts are far behind the alert stream.',
  DEAD_LETTER_NOT_FOUND: 'The dead letter does not exist.',
  DEAD_LETTER_CUT: 'The dead letter is truncated.',
  CONFIG_INVALID: 'A setting is not valid.',
  LANES_IN_USE: 'Running readers use a different number of lanes.',
  POLICY_INVALID: 'The alert policy is not valid.',
  PORT_TAKEN: 'A port that vigil needs is already in use.',
  SERVER_NOT_FOUND: 'A server that vigil needs is not running and cannot be started.',
  SERVER_DOWNLOAD_FAILED: 'The download of a server failed.',
  SERVER_CHECKSUM: 'A downloaded server has the wrong checksum.',
  SERVER_BUILD_FAILED: 'A server could not be built.',
  SERVER_DIED: 'A server that vigil started has exited.',
  TEMPORAL_UNREACHABLE: 'Temporal does not answer.',
  NATS_UNREACHABLE: 'NATS does not answer.',
  WORKFLOW_LOOPS: 'A workflow runs in an endless loop and blocks the worker.',
  WORKFLOW_INTERRUPTED: 'A workflow activation was interrupted, so the worker stopped.',
  API_UNREACHABLE: 'vigil does not answer.',
  API_REFUSED: 'vigil rejected the request.',
  SIMULATOR_OFF: 'The simulator is not running.',
  TOKEN_NOT_FOUND: 'The token does not exist.',
  TOKEN_NEEDED: 'Nobody could manage vigil without this token.',
  TOKENS_FULL: 'There are as many tokens as there can be.',
  ENCRYPTION_KEY_UNKNOWN: 'The payload is encrypted with a key that vigil does not have.',
  PAYLOAD_UNREADABLE: 'The payload cannot be decrypted.',
  FILE_UNREADABLE: 'A file cannot be read.',
  STATE_VERSION_UNKNOWN: 'The state of a partition set has a version that this build of vigil cannot read.',
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
