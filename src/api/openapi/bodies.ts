import { login, newToken } from '../schemas/access.ts';
import { alertAction, manyAlertsAction } from '../schemas/alerts/alert-records.ts';
import { payloads } from '../schemas/codec.ts';
import { closeOrphaned } from '../schemas/alerts/orphans.ts';
import { replay } from '../schemas/dead-letters.ts';
import { reset } from '../schemas/rules/partition-sets.ts';
import { previewBody } from '../schemas/rules/preview.ts';
import { quotasInput } from '../schemas/quotas.ts';
import { pauseInput, resumeInput, rollback } from '../schemas/rules/rules.ts';

/** The bodies that vigil reads by itself, by their names in the document. */
export const BODIES = {
  Replay: replay,
  Rollback: rollback,
  Reset: reset,
  PauseInput: pauseInput,
  ResumeInput: resumeInput,
  QuotasInput: quotasInput,
  RulePreviewInput: previewBody,
  CloseOrphaned: closeOrphaned,
  AlertActionInput: alertAction,
  ManyAlertsActionInput: manyAlertsAction,
  NewToken: newToken,
  Login: login,
  Payloads: payloads,
} as const;

/** A JSON body. A reference, because a zod schema here would refuse requests without the JSON content type. */
export const jsonBody = (name: keyof typeof BODIES, { required }: { required: boolean }) => ({
  required,
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
});
