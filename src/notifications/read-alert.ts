import { z } from 'zod';
import { parseJson } from '../core/primitives/text/parse-json.ts';
import { ALERT_REASONS, ALERT_STATUSES, type AlertEnvelope } from '../core/model/alert/alert.ts';
import { severity } from '../core/model/rule/rule-schema.ts';

/**
 * The fields that the processor needs. They are validated, because anyone can publish to the alert stream; others pass
 * through.
 */
const alertSchema = z.looseObject({
  // Used in headers.
  id: z.string().regex(/^[\x21-\x7e]{1,2000}$/),
  data: z.looseObject({
    clientId: z.string(),
    ruleId: z.string(),
    status: z.enum(ALERT_STATUSES),
    reason: z.enum(ALERT_REASONS),
    severity,
    message: z.string(),
    labels: z.record(z.string(), z.string()),
    acknowledged: z.looseObject({ by: z.string() }).optional(),
    snoozed: z.looseObject({ by: z.string() }).optional(),
  }),
});

/** Decodes an alert; undefined if the bytes are not a valid alert. */
export function readAlert(bytes: Uint8Array): AlertEnvelope | undefined {
  let value: unknown;
  try {
    value = parseJson(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  return alertSchema.safeParse(value).success ? (value as AlertEnvelope) : undefined;
}
