import { z } from 'zod';
import { RESUME_MODES } from '../stored-rule/rule-pause.ts';
import { authorship } from './authorship.ts';

/** What people can do with vigil, by the ids of the API's operations. */
export const AUDIT_ACTIONS = [
  ...(['putRule', 'deleteRule', 'enableRule', 'disableRule', 'rollBackRule', 'resetRule'] as const),
  ...(['pauseRule', 'resumeRule', 'pauseClient', 'resumeClient'] as const),
  ...(['acknowledgeAlert', 'unacknowledgeAlert', 'snoozeAlert', 'unsnoozeAlert'] as const),
  ...(['closeOrphanedAlerts', 'rebuildAlerts', 'replayDeadLetter', 'dropDeadLetter'] as const),
  ...(['createToken', 'revokeToken', 'setQuotas', 'clearQuotas'] as const),
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What came of an action. `failed`: nobody knows whether it was done. */
export const AUDIT_RESULTS = ['ok', 'refused', 'failed'] as const;

/** What an action was about. */
export const auditSubject = z.object({
  /** Null: all of vigil, or nobody's. */
  clientId: z.string().nullable(),
  ruleId: z.string().optional(),
  /** Of the rule after the action. */
  version: z.int().optional(),
  alertId: z.string().optional(),
  /** Sequence of a dead letter. */
  deadLetter: z.int().optional(),
  /** Id of a token. */
  token: z.string().optional(),
  note: z.string().optional(),
  /** How a rule or client was resumed. */
  mode: z.enum(RESUME_MODES).optional(),
  /** The end of a snooze. */
  until: z.string().optional(),
});
export type AuditSubject = z.infer<typeof auditSubject>;

/** One action: who, when, what, from where, and what came of it. */
export const auditEntry = z.object({
  at: z.iso.datetime(),
  ...authorship.shape,
  action: z.enum(AUDIT_ACTIONS),
  ...auditSubject.shape,
  result: z.enum(AUDIT_RESULTS),
  /** The error code, if it is not ok. */
  code: z.string().optional(),
});
export type AuditEntry = z.infer<typeof auditEntry>;
