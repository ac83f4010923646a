import type { Acknowledgement, AlertPhase, Snooze } from '../model/alert/alert.ts';
import type { PausedNow } from '../model/stored-rule/rule-pause.ts';
import type { RecoveryReason } from '../model/partition-set/partition-set-messages.ts';
import type { Severity } from '../model/alert/severity.ts';
import type { Scalar } from '../primitives/value.ts';

/*
 * The answer to "why?" and "why not?": what a rule knows now, and what is ahead. All times are ISO 8601; all lists are
 * bounded.
 */

export type AnswerText = 'yes' | 'no' | 'unknown';

export interface Explanation {
  clientId: string;
  ruleId: string;
  ruleVersion: number;
  group: Record<string, Scalar>;
  /** Part of the ids of its alerts; of workers before this field: absent. */
  generation?: string;
  /** As of when. Values that move with the clock are those of this time. */
  at: string;
  /** The alert of the partition set; null if every partition has its own. */
  alert: AlertNow | null;
  /** If every partition has its own alert: how many are in each state, and some of those that fire or are pending. */
  alerts: OwnAlertsNow | null;
  /** The condition across partitions; null if every partition has its own alert. */
  across: AcrossNow | null;
  /** The partition that was asked for; null without one, or if the set does not have it. */
  partition: PartitionNow | null;
  /** What happens without another event, earliest first. */
  next: NextMoment[];
  /** For a set that is split over shards: their workflow ids. Each answers for its own partitions. */
  shards?: string[];
  /** Of the shards those that do not answer: what they have is missing. Absent if all do. */
  unanswered?: string[];
  /** Which of the client's newest events `where` matches; absent unless it was asked for, or no partition is live. */
  where?: WhereNow;
  /** While the set is rebuilt from the event stream: what it knows is incomplete. */
  rebuilding?: { reason: RecoveryReason; since: string };
  /** While the set publishes nothing: until it has everything stored before this time. */
  muted?: { until: string };
  /** While its rule is paused. */
  paused?: PausedNow;
}

export interface AlertNow {
  state: AlertPhase;
  severity: Severity;
  episode: number;
  /** When the condition started; null while it does not hold. */
  since: string | null;
  /** While it fires although the condition has stopped: when that was. */
  stoppedAt: string | null;
  /** It fires only until somebody acknowledges it; absent if not. */
  latched?: true;
  /** No event has arrived for `noData.after`. */
  silent: boolean;
  /** Who has acknowledged the episode; absent if nobody has. */
  acknowledged?: Acknowledgement;
  /** Who has snoozed the alert; absent if nobody has. */
  snoozed?: Snooze;
}

export interface OwnAlertsNow {
  live: number;
  states: Record<AlertPhase, number>;
  open: { partition: Record<string, Scalar>; state: AlertPhase; since: string | null }[];
}

export interface AcrossNow {
  /** `evaluate.type`, with its comparison: `count gte 2`. */
  text: string;
  /** By level, from the least to the most severe. */
  levels: { severity: Severity; answer: AnswerText; satisfying: number; unknown: number }[];
  live: number;
  /** Of the partitions that `expect` lists: how many are expected, and how many of them are live. */
  expected: { count: number; live: number } | null;
  /** With `sum`, `avg`, `min` and `max`: the value; null if it is unknown. */
  value?: number | null;
  /** Some of the partitions that keep the lowest level from holding, or that make it hold. */
  because: { partition: Record<string, Scalar>; why: 'satisfies' | 'does not satisfy' | 'unknown' | 'not live' }[];
}

export interface PartitionNow {
  partition: Record<string, Scalar>;
  state: 'live' | 'stale' | 'not reported' | 'forgotten';
  lastEvent: EventNow | null;
  /** With `evaluate: each` and `sequence`. */
  alert: AlertNow | null;
  levels: LevelNow[];
  /** With `evaluate: sequence`: for each partial match, the step that it waits for, from 1, and since when. */
  matches: { step: number; of: number; since: string }[];
}

export interface EventNow {
  sequence: number;
  time: string;
}

export interface LevelNow {
  severity: Severity;
  answer: AnswerText;
  /** It satisfies only because `clear` has not held. */
  hysteresis: boolean;
  /** Null without conditions of partitions: a sequence, and values across partitions. */
  condition: ConditionNow | null;
  /** The `clear` that applies at this level. */
  clear: ConditionNow | null;
}

/** A condition as a tree; a leaf compares one calculation. */
export type ConditionNow =
  | { kind: 'all' | 'any' | 'not'; answer: AnswerText; parts: ConditionNow[] }
  | {
      kind: 'leaf';
      answer: AnswerText;
      /** As in the rule: `latest(temp) gt 80`. */
      text: string;
      /** Null without a value. */
      value: unknown;
      /** The right sides that are operands, as they are now. */
      operands: unknown[];
      /** How far a number is from where the comparison would change its result; null if that cannot be said. */
      lacks: number | null;
      /** With `for`: since when the comparison holds; null while it does not. */
      since: string | null;
      /** The event that brought the value, if one did. */
      event: EventNow | null;
    };

/** The newest events of a client in the stream, tested against `where`. Not all of them reach the rule. */
export interface WhereNow {
  /** How many. */
  read: number;
  /** When the stream stored the oldest and the newest of them. */
  from: string | null;
  to: string | null;
  /** Of them not valid: they are dead letters. */
  unusable: number;
  matched: number;
  newestMatch: EventNow | null;
  /** The entries of `where` that events fail, those that most of them fail first. */
  failing: FailingEntry[];
  /** Of those that match: how many have no value of this property of `groupBy` or `partitionBy` that can be a key. */
  lacking: { property: string; word: 'groupBy' | 'partitionBy'; events: number }[];
}

export interface FailingEntry {
  /** Its place in `where`, from 0. */
  entry: number;
  /** As in the rule: `celsius gt 80`. */
  text: string;
  /** Events that fail it, whatever else they fail. */
  events: number;
  /** Events that fail nothing else. */
  alone: number;
  /** The newest of them, if possible one that fails nothing else, and what it has; `value` is absent if it has none. */
  example: { event: EventNow; has: { property: string; value?: unknown }[] };
}

export interface NextMoment {
  at: string;
  what: string;
}
