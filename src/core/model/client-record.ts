import { z } from 'zod';
import type { NewPause } from './stored-rule/pause-edits.ts';
import { eventRates, withEventRate } from './quotas/event-rates.ts';
import { quotaOverrides, type QuotaOverrides } from './quotas/quotas.ts';
import { RESUME_MODES, type PausedNow, type ResumeMode, pausedNow } from './stored-rule/rule-pause.ts';

/** What vigil keeps of a client beside its rules. */
export const clientRecord = z.object({
  /** All its rules are paused, also those that are stored later. */
  pause: z
    .object({ sinceMs: z.int().nonnegative(), by: z.string().nullable(), note: z.string().optional() })
    .optional(),
  /** How its rules go on since the last resume. */
  resumedAs: z.enum(RESUME_MODES).optional(),
  /** Its own quotas. */
  quotas: quotaOverrides.optional(),
  /** When which of its quotas of events held. */
  eventRates: eventRates.optional(),
});
export type ClientRecord = z.infer<typeof clientRecord>;

/** Null if it is paused. `sinceMs`: epoch ms. */
export const pauseClient = (
  { pause, ...others }: ClientRecord,
  { sinceMs, by, note }: Pick<NewPause, 'by' | 'note'> & { sinceMs: number },
): ClientRecord | null =>
  pause === undefined ? { ...others, pause: { sinceMs, by, ...(note !== undefined && { note }) } } : null;

/** Null if it runs. */
export const resumeClient = ({ pause, ...others }: ClientRecord, mode: ResumeMode): ClientRecord | null =>
  pause === undefined ? null : { ...others, resumedAs: mode };

/** The pause of each rule of the client; null while the client runs. */
export const pauseOfRules = ({ pause }: ClientRecord): NewPause | null =>
  pause === undefined ? null : { by: pause.by, ...(pause.note !== undefined && { note: pause.note }), of: 'client' };

export function pausedClientNow({ pause }: ClientRecord): PausedNow | null {
  if (pause === undefined) return null;
  const { sinceMs, by, note } = pause;
  return pausedNow({ sinceMs, fromMs: sinceMs, by, ...(note !== undefined && { note }), of: 'client' });
}

/** With these quotas instead of its own ones. */
export const setQuotas = (
  { quotas: _before, eventRates: rates = [], ...others }: ClientRecord,
  quotas: QuotaOverrides,
  nowMs: number,
): ClientRecord => ({
  ...others,
  ...(Object.keys(quotas).length > 0 && { quotas }),
  eventRates: withEventRate(rates, quotas.eventsPerSecond, nowMs),
});
