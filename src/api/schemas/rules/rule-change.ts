import { z } from '@hono/zod-openapi';
import { LOST_PARTS } from '../../../core/evaluation/correction/lost-state.ts';
import { CHANGE_KINDS } from '../../../core/language/change/change-effect.ts';
import { ifMatch, trueOrFalse } from '../shared/params.ts';
import { rule, storedRule } from './rules.ts';

/* A change of a rule, and what it does to the running state: core/language/change. */

const KINDS = [
  'what happens to the running state. nothing: nothing runs, or it is the same rule',
  'starts: partition sets begin without any state',
  'keepsAll: only what alerts say, or how often',
  'judgesAgain: all is kept, and conditions are judged again',
  'resetsConditions: the same, but for what begins',
  'beginsAnew: all partitions begin without any state',
  'ends: the partition sets end',
].join('; ');

const PARTS = [
  'values: those that the condition calculates with',
  'time: since when it holds',
  'fill: since when its window fills (whenFull)',
  'levels: since when each level holds',
  'matches: partial matches of the sequence',
  'settings: values that settings brought',
].join('; ');

const effects = z
  .object({
    kind: z.enum(CHANGE_KINDS).openapi({ description: KINDS }),
    resolvesAlerts: z.boolean().openapi({ description: 'alerts that fire resolve, whatever their condition says' }),
    begins: z
      .array(
        z.object({
          part: z.enum(LOST_PARTS).openapi({ description: PARTS }),
          condition: z.string().optional().openapi({ description: 'the condition, cut if it is long' }),
        }),
      )
      .openapi({ description: 'what begins with the change although the partitions continue' }),
    primedFrom: z.string().optional().openapi({
      description: 'the backfill of the rule, if its sets begin with events from before the change',
    }),
    lines: z.array(z.string()).openapi({ description: 'the same for people' }),
  })
  .openapi('ChangeEffects');

const change = z.enum(['created', 'changed', 'unchanged']).openapi({ description: 'compared with the version before' });

export const changedRule = z.object({ ...storedRule.shape, change, effects }).openapi('ChangedRule');

export const dryRun = z
  .object({
    rule,
    change,
    version: z
      .int()
      .nullable()
      .openapi({ description: 'the version that it was compared with; null if there is none' }),
    edition: z.int().nullable().openapi({ description: 'the same, as the rule counts them' }),
    storedAt: z.iso.datetime().nullable().openapi({ description: 'when vigil stored that version' }),
    diff: z.string().openapi({ description: 'a unified diff of the two as YAML; empty if they are the same' }),
    effects,
  })
  .openapi('DryRun');

export const dryRunQuery = z.object({
  dryRun: trueOrFalse('dryRun', 'true: checks and compares the rule, and stores nothing'),
});

/** Conditions of a PUT. */
export const putHeaders = ifMatch.extend({
  'if-none-match': z
    .string()
    .regex(/^\s*\*\s*$/, 'If-None-Match takes * only: create the rule, and change none.')
    .optional()
    .openapi({ type: 'string', enum: ['*'], description: '`*`: only if there is no such rule yet' }),
});
