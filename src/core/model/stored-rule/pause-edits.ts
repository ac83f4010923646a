import { z } from 'zod';
import { partitionSetIds } from '../partition-set/partition-set-ids.ts';
import { PAUSES_OF, RESUME_MODES, type ResumeMode, type RulePause } from './rule-pause.ts';
import type { Rule } from '../rule/rule-schema.ts';
import type { StoredRule } from './stored-rule.ts';

/*
 * What is stored with a rule beside its text: pauses. A version does not know its own number and time when it is written,
 * so a pause or resume that begins with it leaves them out; later versions repeat them.
 */

const ms = z.int().nonnegative();

export const pauseEdits = z.strictObject({
  pause: z
    .strictObject({
      sinceMs: ms.optional(),
      fromMs: ms.optional(),
      by: z.string().nullable(),
      note: z.string().optional(),
      of: z.enum(PAUSES_OF),
    })
    .optional(),
  resumed: z
    .strictObject({ mode: z.enum(RESUME_MODES), fromMs: ms.optional(), version: z.int().positive().optional() })
    .optional(),
});
export type PauseEdits = z.infer<typeof pauseEdits>;

/** A pause that somebody asks for. */
export type NewPause = Pick<RulePause, 'by' | 'note' | 'of'>;

type Paused = Pick<StoredRule, 'pause' | 'resumed'>;

/** The pauses of a version that was stored with these edits. */
export function readPauses({ pause, resumed }: PauseEdits, { version, storedAtMs }: Omit<StoredRule, 'rule'>): Paused {
  return {
    ...(pause !== undefined && {
      pause: {
        sinceMs: pause.sinceMs ?? storedAtMs,
        fromMs: pause.fromMs ?? storedAtMs,
        by: pause.by,
        ...(pause.note !== undefined && { note: pause.note }),
        of: pause.of,
      },
    }),
    ...(resumed !== undefined && {
      resumed: {
        mode: resumed.mode,
        fromMs: resumed.fromMs ?? storedAtMs,
        version: resumed.version ?? version,
      },
    }),
  };
}

/** Pauses a rule; null if it is paused. A reader may not have caught up with the last resume yet, so that stays. */
export const pauseRule = ({ pause, resumed }: PauseEdits, { by, note, of }: NewPause): PauseEdits | null =>
  pause === undefined
    ? { pause: { by, ...(note !== undefined && { note }), of }, ...(resumed !== undefined && { resumed }) }
    : null;

/** Resumes a rule; null if it runs. */
export const resumeRule = ({ pause }: Paused, mode: ResumeMode): PauseEdits | null =>
  pause === undefined ? null : { resumed: { mode, ...(mode !== 'afresh' && { fromMs: pause.fromMs }) } };

/** What stays when the text of a rule changes. A rule whose sets begin anew waits for what comes from then on. */
export function keepPauses(before: StoredRule | null, next: Rule): PauseEdits {
  const { pause, resumed } = before ?? {};
  if (before !== null && goesOn(before.rule, next))
    return { ...(pause !== undefined && { pause }), ...(resumed !== undefined && { resumed }) };
  if (pause === undefined) return {};
  const { fromMs: _from, ...others } = pause;
  return { pause: others };
}

const isOn = ({ enabled = true }: Rule): boolean => enabled;

/** Whether the partition sets continue with their partitions. */
const goesOn = (before: Rule, next: Rule): boolean =>
  isOn(before) &&
  isOn(next) &&
  partitionSetIds(before).route === partitionSetIds(next).route &&
  JSON.stringify(before.partitionBy) === JSON.stringify(next.partitionBy);
