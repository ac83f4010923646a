import { z } from '@hono/zod-openapi';
import { orNull } from '../shared/or-null.ts';
import { acknowledgement, snooze } from '../alerts/alerts.ts';
import { pausedNow } from './rules.ts';
import { RECOVERY_REASONS } from '../../../core/model/partition-set/partition-set-messages.ts';
import { SEVERITIES } from '../../../core/model/alert/severity.ts';

/* The answer to "why?": core/explain/explanation.ts as it is sent. Its types are checked where it is answered. */

const severity = z.enum(SEVERITIES);
const time = z.iso.datetime();
const key = z.record(z.string(), z.unknown()).openapi({ description: 'the properties and their values' });
const answerText = z.enum(['yes', 'no', 'unknown']);
const phase = z.enum(['inactive', 'pending', 'firing']);
const event = z.object({ sequence: z.int(), time });

const alertNow = z
  .object({
    state: phase,
    severity,
    episode: z.int(),
    since: time.nullable().openapi({ description: 'when the condition started; null while it does not hold' }),
    stoppedAt: time.nullable().openapi({ description: 'when the condition stopped, while the alert still fires' }),
    latched: z.literal(true).optional().openapi({ description: 'it fires only until somebody acknowledges it' }),
    silent: z.boolean().openapi({ description: 'no event has arrived for `noData.after`' }),
    acknowledged: acknowledgement.optional(),
    snoozed: snooze.optional(),
  })
  .openapi('AlertNow');

const ownAlerts = z
  .object({
    live: z.int(),
    states: z.object({ inactive: z.int(), pending: z.int(), firing: z.int() }),
    open: z.array(z.object({ partition: key, state: phase, since: time.nullable() })),
  })
  .openapi('OwnAlertsNow');

const across = z
  .object({
    text: z.string().openapi({ description: '`evaluate.type` with its comparison' }),
    levels: z.array(z.object({ severity, answer: answerText, satisfying: z.int(), unknown: z.int() })),
    live: z.int(),
    expected: z.object({ count: z.int(), live: z.int() }).nullable(),
    value: z.number().nullable().optional().openapi({ description: 'with sum, avg, min and max; null if unknown' }),
    because: z
      .array(z.object({ partition: key, why: z.enum(['satisfies', 'does not satisfy', 'unknown', 'not live']) }))
      .openapi({ description: 'some of the partitions that make the lowest level hold, or keep it from holding' }),
  })
  .openapi('AcrossNow');

export interface Branch {
  kind: 'all' | 'any' | 'not';
  answer: z.infer<typeof answerText>;
  parts: ConditionNow[];
}

const leaf = z
  .object({
    kind: z.literal('leaf'),
    answer: answerText,
    text: z.string().openapi({ description: 'as in the rule', example: 'latest(celsius) gt 80' }),
    value: z.unknown().openapi({ description: 'null without a value' }),
    operands: z.array(z.unknown()).openapi({ description: 'the right sides that are operands, as they are now' }),
    lacks: z.number().nullable().openapi({ description: 'how far a number is from where the result changes' }),
    since: time.nullable().openapi({ description: 'with `for`: since when the comparison holds' }),
    event: event.nullable().openapi({ description: 'the event that brought the value' }),
  })
  .openapi('LeafNow');

type ConditionNow = Branch | z.infer<typeof leaf>;

const branch: z.ZodType<Branch> = z
  .object({
    kind: z.enum(['all', 'any', 'not']),
    answer: answerText,
    parts: z.array(z.lazy((): z.ZodType<ConditionNow> => z.union([branch, leaf]))),
  })
  .openapi('BranchNow');

const conditionNow = z.union([branch, leaf, z.null()]);

const partitionNow = z
  .object({
    partition: key,
    state: z.enum(['live', 'stale', 'not reported', 'forgotten']),
    lastEvent: event.nullable(),
    alert: orNull(alertNow),
    levels: z.array(
      z.object({
        severity,
        answer: answerText,
        hysteresis: z.boolean().openapi({ description: 'it satisfies only because `clear` has not held' }),
        condition: conditionNow,
        clear: conditionNow,
      }),
    ),
    matches: z
      .array(z.object({ step: z.int(), of: z.int(), since: time }))
      .openapi({ description: 'the partial matches of a sequence, with the step that each waits for' }),
  })
  .openapi('PartitionNow');

export const nextMoment = z.object({ at: time, what: z.string() });

export const unanswered = z
  .array(z.string())
  .openapi({ description: 'workflow ids of shards that do not answer: what they have is missing; absent if all do' });

const whereNow = z
  .object({
    read: z.int().openapi({ description: 'events of the client that were tested: the newest in the stream' }),
    from: time.nullable().openapi({ description: 'when the stream stored the oldest of them' }),
    to: time.nullable().openapi({ description: 'when the stream stored the newest of them' }),
    unusable: z.int().openapi({ description: 'events beside them that are not valid: they are dead letters' }),
    matched: z.int(),
    newestMatch: event.nullable(),
    failing: z
      .array(
        z.object({
          entry: z.int().openapi({ description: 'its place in `where`, from 0' }),
          text: z.string().openapi({ description: 'as in the rule', example: 'celsius gt 80' }),
          events: z.int().openapi({ description: 'events that fail it, whatever else they fail' }),
          alone: z.int().openapi({ description: 'events that fail nothing else' }),
          example: z.object({
            event,
            has: z.array(z.object({ property: z.string(), value: z.unknown().optional() })),
          }),
        }),
      )
      .openapi({ description: 'the entries of `where` that events fail, those that most fail first' }),
    lacking: z
      .array(z.object({ property: z.string(), word: z.enum(['groupBy', 'partitionBy']), events: z.int() }))
      .openapi({ description: 'of the events that match: how many have no value of a property that can be a key' }),
  })
  .openapi('WhereNow');

export const explanation = z
  .object({
    clientId: z.string(),
    ruleId: z.string(),
    ruleVersion: z.int(),
    group: key,
    generation: z
      .string()
      .optional()
      .openapi({ description: 'part of the ids of its alerts: another one after it has begun anew' }),
    at: time.openapi({ description: 'as of when' }),
    alert: orNull(alertNow).openapi({ description: 'null if every partition has its own alert' }),
    alerts: orNull(ownAlerts).openapi({ description: 'if every partition has its own alert' }),
    across: orNull(across).openapi({ description: 'the condition across partitions' }),
    partition: orNull(partitionNow).openapi({ description: 'the partition that was asked for' }),
    next: z.array(nextMoment).openapi({ description: 'what happens without another event, earliest first' }),
    shards: z.array(z.string()).optional().openapi({ description: 'workflow ids of the shards of a split set' }),
    where: whereNow.optional().openapi({
      description: 'which of the newest events `where` matches; only if asked for, or no partition is live',
    }),
    rebuilding: z
      .object({ reason: z.enum(RECOVERY_REASONS), since: time })
      .optional()
      .openapi({ description: 'while the set is rebuilt from the event stream: what it knows is incomplete' }),
    muted: z
      .object({ until: time })
      .optional()
      .openapi({ description: 'while the set publishes nothing: until it has everything stored before this time' }),
    paused: pausedNow.optional().openapi({ description: 'while the rule is paused: what comes from then on waits' }),
    text: z.array(z.string()).openapi({ description: 'the same in words' }),
  })
  .openapi('Explanation');
