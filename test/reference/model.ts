import type { AlertPhase, AlertReason, AlertStatus, Scalar } from '../../src/core/alert.ts';
import type { Comparison, Predicate, Severity } from '../../src/core/rule-schema.ts';

/*
 * The reference evaluator: docs/semantics.md once more, slow and obvious, sharing no code with src/core.
 * It keeps every event, looks at every moment, and works out each value from all events, each time anew.
 *
 *   arrival   an event as the stream stored it
 *   instant   an evaluation: after an arrival, or at the end of a moment, when the deadlines of that moment are handled
 *   cause     the moment that an instant counts from: the own time of the event, or the deadline's moment
 *
 * All times and durations are milliseconds, but in rules they are written as in the rule language.
 */

export interface Leaf extends Comparison {
  calc: string;
  property?: string;
  within?: string;
  for?: string;
}

export type ReferenceCondition = Leaf | { all: ReferenceCondition[] } | { any: ReferenceCondition[] } | { not: ReferenceCondition };

export interface ReferenceLevel {
  severity: Severity;
  having: ReferenceCondition;
}

export interface SequenceStep {
  where?: Predicate[];
  as?: string;
  not?: { where: Predicate[] };
  within?: string;
}

export interface ReferenceEvaluation extends Comparison {
  type: 'all' | 'any' | 'none' | 'each' | 'count' | 'percent' | 'sequence';
  having?: ReferenceCondition;
  levels?: ReferenceLevel[];
  steps?: SequenceStep[];
}

export interface ReferenceSchedule {
  timezone: string;
  days?: string[];
  from?: string;
  to?: string;
}

/** A rule of the contract, as far as it says when alerts come and go. */
export interface ReferenceRule {
  id: string;
  clientId: string;
  where: Predicate[];
  partitionBy?: string[];
  expect?: Record<string, string | number | boolean>[];
  evaluate: ReferenceEvaluation;
  for?: string;
  keepFiringFor?: string;
  clear?: ReferenceCondition;
  staleAfter?: string;
  noData?: { after: string; then: 'alert' | 'resolve' | 'keep' };
  heartbeat?: string;
  repeat?: string;
  severity?: Severity;
  schedule?: ReferenceSchedule;
}

export interface Arrival {
  /** Stream sequence; one that is not above all before it is a repetition. */
  sequence: number;
  /** When the stream stored it. */
  at: number;
  /** Its own time. */
  time: number;
  data: Record<string, unknown>;
}

export interface Transition {
  at: number;
  partition: Record<string, Scalar>;
  episode: number;
  status: AlertStatus;
  reason: AlertReason;
  state: AlertPhase;
  severity: Severity;
  startsAt: number | null;
  endsAt: number | null;
}

/** Values, and events, are ordered by (own time, stream sequence). */
export const byOwnTime = (a: Arrival, b: Arrival): number => a.time - b.time || a.sequence - b.sequence;
