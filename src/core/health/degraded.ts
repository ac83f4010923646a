/**
 * Reasons why vigil is degraded although its components are up. The code is stable; the text says what to do.
 * docs/operations.md lists all of them, and a test compares the two.
 */
export const DEGRADED = {
  WORKFLOW_NONDETERMINISM:
    'Its history does not fit this version of vigil: return to the previous version, and report it.',
  WORKFLOW_TOO_LARGE:
    'It has more state or alerts than one Temporal request allows: split its rule with groupBy, or keep less data in it.',
  WORKFLOW_UNREADABLE:
    'It goes on as soon as this process has the key again: complete VIGIL_ENCRYPTION_KEYS, and restart vigil.',
  WORKFLOW_BUG:
    'It recovers with a version that fixes this: report the text, and upgrade or return to the previous version.',
  SET_HELD: 'Check that a worker runs, and that the stream ALERTS accepts messages: nats stream info ALERTS.',
  ALERTS_NOT_PUBLISHED:
    'They wait in their workflows. Check NATS, and the limits and the disk of the stream: nats stream info ALERTS.',
  DEAD_LETTERS_NOT_STORED:
    'vigil retries, and nothing is lost. Check NATS, and the limits and the disk of the stream: nats stream info DEADLETTERS.',
  AUDIT_NOT_STORED:
    'The log has the entries. Check NATS, and the limits, the disk and the permissions of the stream: nats stream info AUDIT.',
  DELIVERY_FAILS: 'The events wait in the stream. Check Temporal and NATS.',
} as const;

export type DegradedCode = keyof typeof DEGRADED;

export interface DegradedReason {
  code: DegradedCode;
  /** What is wrong and what to do. */
  message: string;
  /** ISO 8601. */
  since: string;
  /** For programs: `clientId`, `ruleId`, `workflowId` and others, as far as known. */
  fields: Record<string, string | number | null>;
}

/** @param what a sentence with the problem; what to do is appended */
export function degraded(
  code: DegradedCode,
  what: string,
  sinceMs: number,
  fields: DegradedReason['fields'] = {},
): DegradedReason {
  return { code, message: `${what} ${DEGRADED[code]}`, since: new Date(sinceMs).toISOString(), fields };
}
