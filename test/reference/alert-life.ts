import type { AlertPhase, AlertReason, AlertStatus } from '../../src/core/model/alert.ts';
import type { Rule } from '../../src/core/model/rule-schema.ts';
import { SEVERITIES, type Severity } from '../../src/core/model/severity.ts';
import type { Scalar } from '../../src/core/primitives/value.ts';
import type { Answer } from './condition.ts';
import type { Instant, Transition } from './model.ts';
import { ms } from './ms.ts';
import { isOpen } from './opening-hours.ts';

/** What is true of an alert at an instant. */
export interface Truth {
  /** Whether the condition holds, by severity. */
  answers: Map<Severity, Answer>;
  /** Nothing has come for as long as `noData` allows. */
  silent: boolean;
  /** Data expired at this instant. */
  expired: boolean;
  /** An event has removed a partition at this instant. */
  forgotten: boolean;
}

/** "An alert's life" of docs/semantics.md, from instant to instant. */
export class AlertLife {
  readonly transitions: Transition[] = [];
  private readonly rule: Rule;
  private readonly partition: Record<string, Scalar>;
  private phase: AlertPhase = 'inactive';
  private episode = 0;
  private severity: Severity;
  private began: number | null = null;
  /** Since when it has held without a break. */
  private heldFrom: number | null = null;
  private stopped: { at: number; reason: AlertReason } | null = null;
  private lastBroke = -Infinity;
  private remindedAt = 0;
  /** It fires for silence, and its condition has not held since. */
  private onlySilence = false;

  constructor(rule: Rule, partition: Record<string, Scalar>) {
    this.rule = rule;
    this.partition = partition;
    this.severity = rule.severity ?? 'warning';
  }

  judge(instant: Instant, truth: Truth): void {
    const { clock, cause, end } = instant;
    const then = this.rule.noData?.then ?? 'keep';
    const alertsSilence = truth.silent && then === 'alert';
    const resolvesSilence = truth.silent && then === 'resolve';
    const severity = this.severityOf(truth.answers);
    const isUnknown = severity === null && [...truth.answers.values()].includes('unknown');
    const goesOn = isUnknown && this.phase === 'firing' && !this.onlySilence;

    if (resolvesSilence) this.cease(cause, 'noData');
    else if (severity !== null || alertsSilence) this.hold(instant, severity, alertsSilence);
    else if (!goesOn) this.cease(cause, truth.forgotten ? 'forgotten' : truth.expired ? 'staleData' : 'cleared');

    if (this.phase !== 'firing' || this.stopped === null) return;
    if (resolvesSilence) this.resolve(clock, 'noData');
    else if (this.rule.keepFiringFor === undefined) this.resolve(clock, this.stopped.reason);
    else if (end && clock - this.stopped.at >= ms(this.rule.keepFiringFor)) this.resolve(clock, this.stopped.reason);
  }

  /** The highest severity that holds. What an alert fires at, it goes on at while that is unknown and none above holds. */
  private severityOf(answers: Map<Severity, Answer>): Severity | null {
    const fires = this.phase === 'firing' && this.stopped === null && !this.onlySilence;
    const counts = (severity: Severity): boolean =>
      answers.get(severity) === 'yes' || (fires && severity === this.severity && answers.get(severity) === 'unknown');
    return [...SEVERITIES].reverse().find(counts) ?? null;
  }

  fires(): boolean {
    return this.phase === 'firing';
  }

  /** Its partition is removed: what fires resolves at once. */
  forget({ clock, cause }: Instant): void {
    this.cease(cause, 'forgotten');
    if (this.phase === 'firing') this.resolve(clock, 'forgotten');
  }

  hasFired(): boolean {
    return this.episode > 0;
  }

  /** When the condition last started or stopped; -Infinity before that. */
  changedAt(): number {
    return this.heldFrom ?? this.lastBroke;
  }

  /** What is published at intervals, at the end of a moment. */
  remind(clock: number): void {
    const since = clock - this.remindedAt;
    if (this.phase !== 'firing' || this.rule.repeat === undefined || since < ms(this.rule.repeat)) return;
    this.remindedAt = clock;
    this.say(clock, 'reminder', 'condition');
  }

  heartbeat(clock: number): void {
    this.say(clock, 'heartbeat', 'condition');
  }

  private hold({ clock, cause, end }: Instant, holding: Severity | null, alertsSilence: boolean): void {
    this.stopped = null;
    if (holding !== null) this.onlySilence = false;
    const begins = this.began === null;
    this.heldFrom ??= Math.max(cause, this.lastBroke);
    this.began ??= this.heldFrom;
    const severity = holding ?? (this.phase === 'firing' ? this.severity : (this.rule.severity ?? 'warning'));
    const changed = severity !== this.severity;
    this.severity = severity;
    if (this.phase === 'firing') {
      if (changed) this.say(clock, 'severity', 'condition');
      return;
    }
    this.phase = 'pending';
    const decidedNow = end || (begins && this.rule.for === undefined);
    if (!decidedNow || !isOpen(this.rule.schedule, clock)) return;
    if (!alertsSilence && this.rule.for !== undefined && clock - this.began < ms(this.rule.for)) return;
    this.phase = 'firing';
    this.onlySilence = holding === null;
    this.episode += 1;
    this.remindedAt = clock;
    this.say(clock, 'firing', alertsSilence ? 'noData' : 'condition');
  }

  /** With `onClose: resolve`, what fires ends when the schedule closes. What still holds waits for the next opening. */
  closeAt(clock: number): void {
    const { schedule } = this.rule;
    if (this.phase !== 'firing' || schedule?.onClose !== 'resolve' || isOpen(schedule, clock)) return;
    if (this.stopped !== null) return this.resolve(clock, 'schedule');
    this.stopped = { at: clock, reason: 'schedule' };
    this.phase = 'pending';
    this.say(clock, 'resolved', 'schedule');
    this.stopped = null;
    this.heldFrom = clock;
  }

  private cease(cause: number, reason: AlertReason): void {
    if (this.heldFrom === null) return;
    this.stopped = { at: Math.max(cause, this.heldFrom), reason };
    this.lastBroke = this.stopped.at;
    this.heldFrom = null;
    if (this.phase === 'firing') return;
    this.phase = 'inactive';
    this.began = null;
    this.stopped = null;
  }

  private resolve(clock: number, reason: AlertReason): void {
    this.phase = 'inactive';
    this.say(clock, 'resolved', reason);
    this.began = null;
    this.stopped = null;
  }

  private say(at: number, status: AlertStatus, reason: AlertReason): void {
    const { partition, episode, phase: state, severity, began: startsAt, stopped } = this;
    const endsAt = status === 'resolved' && stopped !== null ? stopped.at : null;
    this.transitions.push({ at, partition, episode, status, reason, state, severity, startsAt, endsAt });
  }
}
