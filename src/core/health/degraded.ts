/**
 * Why vigil is degraded although its parts are up: the code is stable, the text says what to do. docs/operations.md has them
 * all; a test compares the two.
 */
export const DEGRADED = {
  WORKFLOW_NONDETERMINISM:
    'Its history does not fit this version of vigil: go back to the version before, and report it.',
  WORKFLOW_TOO_LARGE:
    'It has more state or alerts than Temporal takes at once: split its rule by groupBy, or let it keep less.',
  WORKFLOW_BUG: 'It goes on by itself with a version that mends this: report the text, and upgrade or go back.',
  SET_HELD: 'Check that a worker runs, and that the stream ALERTS takes messages: nats stream info ALERTS.',
  ALERTS_NOT_PUBLISHED:
    'They wait in their workflows. Check NATS, and the limits and the disk of the stream: nats stream info ALERTS.',
  DEAD_LETTERS_NOT_STORED:
    'They are tried again, and nothing is lost. Check NATS, and the limits and the disk of the stream: nats stream info DEADLETTERS.',
  DELIVERY_FAILS: 'The events wait in the stream. Check Temporal and NATS.',
} as const;

export type DegradedCode = keyof typeof DEGRADED;

export interface DegradedReason {
  code: DegradedCode;
  /** What is wrong, and what to do. */
  message: string;
  /** ISO 8601. */
  since: string;
  /** For programs: `clientId`, `ruleId`, `workflowId` and others, as far as they are known. */
  fields: Record<string, string | number | null>;
}

/** @param what a sentence; what to do follows it */
export function degraded(
  code: DegradedCode,
  what: string,
  sinceMs: number,
  fields: DegradedReason['fields'] = {},
): DegradedReason {
  return { code, message: `${what} ${DEGRADED[code]}`, since: new Date(sinceMs).toISOString(), fields };
}
