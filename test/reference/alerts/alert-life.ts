import type { AlertPhase, AlertReason, AlertStatus } from '../../../src/core/model/alert/alert.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import { SEVERITIES, type Severity } from '../../../src/core/model/alert/severity.ts';
import type { Scalar } from '../../../src/core/primitives/value.ts';
import type { Answer } from '../conditions/condition.ts';
import { isTimed, LevelLives, type LevelsNow } from './level-life.ts';
import { undecided, type Instant, type Transition } from '../model.ts';
import { ms } from '../ms.ts';
import { isOpen } from '../conditions/opening-hours.ts';

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
  /** Whose event came, if one did. */
  of: string | null;
}

interface Judged {
  alertsSilence: boolean;
  resolvesSilence: boolean;
  reason: AlertReason;
  of: string | null;
}

/** "An alert's life" of docs/semantics.md, from instant to instant. */
export class AlertLife {
  readonly transitions: Transition[] = [];
  private readonly rule: Rule;
  private readonly partition: Record<string, Scalar>;
  private readonly levels: LevelLives | null;
  private phase: AlertPhase = 'inactive';
  private episode = 0;
  private severity: Severity;
  private began: number | null = null;
  /** Since when it has held without a break. */
  private heldFrom: number | null = null;
  private stopped: { at: number; reason: AlertReason } | null = null;
  private lastBroke = -Infinity;
  private remindedAt = 0;
  /** It would have resolved, but nobody has acknowledged it. */
  private latched = false;
  /** It fires for silence, and its condition has not held since. */
  private onlySilence = false;
  /** What `for` or `keepFiringFor` brings about is not decided before. */
  private undecidedUntil = -Infinity;
  /** Whose event began or stopped the condition: its next ones may prove that it has lasted. */
  private by: string | null = null;

  constructor(given: Rule, partition: Record<string, Scalar>) {
    this.levels = isTimed(given) ? new LevelLives(given) : null;
    // Levels with times of their own count them by themselves.
    const { for: _for, keepFiringFor: _keep, ...untimed } = given;
    const rule: Rule = this.levels === null ? given : untimed;
    this.rule = rule;
    this.partition = partition;
    this.severity = rule.severity ?? 'warning';
  }

  judge(instant: Instant, truth: Truth): void {
    const { clock } = instant;
    const then = this.rule.noData?.then ?? 'keep';
    const alertsSilence = truth.silent && then === 'alert';
    const resolvesSilence = truth.silent && then === 'resolve';
    const reason = truth.forgotten ? 'forgotten' : truth.expired ? 'staleData' : 'cleared';
    if (this.levels !== null) {
      const now = this.levels.judge(instant, truth.answers, this.levelFiring(), { of: truth.of, reason });
      return this.judgeLevels(instant, now, { alertsSilence, resolvesSilence, reason, of: truth.of });
    }
    const severity = this.severityOf(truth.answers);
    const isUnknown = severity === null && [...truth.answers.values()].includes('unknown');
    const goesOn = isUnknown && this.phase === 'firing' && !this.onlySilence;

    if (resolvesSilence) this.cease(instant, 'noData', truth.of);
    else if (severity !== null || alertsSilence) this.hold(instant, severity, alertsSilence, truth.of);
    else if (!goesOn) this.cease(instant, reason, truth.of);

    if (this.phase !== 'firing' || this.stopped === null) return;
    if (resolvesSilence) this.resolve(clock, 'noData');
    else if (this.rule.keepFiringFor === undefined) this.end(clock, this.stopped.reason);
    else if (this.hasLasted(instant, truth.of, this.stopped.at + ms(this.rule.keepFiringFor)))
      this.end(clock, this.stopped.reason);
  }

  /** Levels have said what they say: the alert fires while one is on, and is pending while one waits. */
  private judgeLevels(instant: Instant, now: LevelsNow, { alertsSilence, resolvesSilence, reason, of }: Judged): void {
    const { clock } = instant;
    if (resolvesSilence) {
      this.levels?.reset();
      this.cease(instant, 'noData', of);
    } else if (now.on !== null || alertsSilence)
      return this.hold(
        { ...instant, cause: now.began < Infinity ? now.began : instant.cause },
        now.on,
        alertsSilence,
        of,
        now.turnsOn,
      );
    else if (this.phase === 'firing' || now.waiting === null) {
      const { at, reason: why } = now.stopped ?? { at: instant.cause, reason };
      this.cease({ ...instant, cause: at }, why, of);
    }
    const next = resolvesSilence ? null : now.waiting;
    if (this.phase === 'firing' && this.stopped !== null) {
      if (resolvesSilence) this.resolve(clock, 'noData');
      else this.end(clock, this.stopped.reason, next === null ? 'inactive' : 'pending');
    }
    if (next === null || this.phase === 'firing') return;
    this.phase = 'pending';
    this.severity = next;
    this.heldFrom ??= Math.max(now.began, this.lastBroke);
    this.began ??= this.heldFrom;
  }

  /** The severity at which it fires, but for silence. */
  private levelFiring(): Severity | null {
    return this.phase === 'firing' && !this.onlySilence ? this.severity : null;
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
  forget(instant: Instant): void {
    this.levels?.reset();
    this.cease(instant, 'forgotten', null);
    if (this.phase === 'firing') this.resolve(instant.clock, 'forgotten');
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

  /** @param turnsOn a level with times of its own turns on, and none was on before */
  private hold(
    instant: Instant,
    holding: Severity | null,
    alertsSilence: boolean,
    of: string | null,
    turnsOn = false,
  ): void {
    const { clock, cause, end } = instant;
    this.stopped = null;
    if (holding !== null) this.onlySilence = false;
    const begins = this.began === null;
    this.heldFrom ??= Math.max(cause, this.lastBroke);
    this.began ??= this.heldFrom;
    if (begins) this.postpone(instant, of, this.began, this.rule.for);
    const severity = holding ?? (this.phase === 'firing' ? this.severity : (this.rule.severity ?? 'warning'));
    const changed = severity !== this.severity;
    this.severity = severity;
    if (this.phase === 'firing') {
      const wasLatched = this.latched;
      this.latched = false;
      if (changed) this.say(clock, 'severity', 'condition');
      else if (wasLatched) this.say(clock, 'unlatched', alertsSilence ? 'noData' : 'condition');
      return;
    }
    this.phase = 'pending';
    if (!isOpen(this.rule.schedule, clock)) return;
    const isOn = this.levels !== null && holding !== null;
    // Only time opens a schedule: a level that was on before it opened waits for the end of the moment.
    const isAtOnce = turnsOn || (begins && this.rule.for === undefined) || (end && (isOn || alertsSilence));
    if (!isAtOnce && !this.hasLasted(instant, of, this.began + ms(this.rule.for))) return;
    this.phase = 'firing';
    this.onlySilence = holding === null;
    this.episode += 1;
    this.remindedAt = clock;
    this.undecidedUntil = -Infinity;
    this.say(clock, 'firing', alertsSilence ? 'noData' : 'condition');
  }

  /** What began or stopped lasts until `due`: the clock has come to it, or an event of the same partition, if it was overdue. */
  private hasLasted({ clock, cause, end, settings }: Instant, of: string | null, due: number): boolean {
    if (end) return clock >= due && clock >= this.undecidedUntil;
    if (settings === true) return false;
    return clock <= this.undecidedUntil && this.by === of && cause >= due;
  }

  private postpone(instant: Instant, of: string | null, from: number, lasts: string | undefined): void {
    this.undecidedUntil = lasts === undefined ? -Infinity : undecided(instant, from + ms(lasts));
    this.by = of;
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
    this.undecidedUntil = -Infinity;
    this.heldFrom = clock;
  }

  private cease(instant: Instant, reason: AlertReason, of: string | null): void {
    if (this.heldFrom === null) return;
    this.stopped = { at: Math.max(instant.cause, this.heldFrom), reason };
    this.postpone(instant, of, this.stopped.at, this.rule.keepFiringFor);
    this.lastBroke = this.stopped.at;
    this.heldFrom = null;
    if (this.phase === 'firing') return;
    this.phase = 'inactive';
    this.began = null;
    this.stopped = null;
  }

  /** The alert resolves, or with `latch` goes on to fire: the reference knows nobody who acknowledges it. */
  private end(clock: number, reason: AlertReason, next: AlertPhase = 'inactive'): void {
    if (this.rule.latch !== true) return this.resolve(clock, reason, next);
    if (this.latched) return;
    this.latched = true;
    this.say(clock, 'latched', reason);
  }

  private resolve(clock: number, reason: AlertReason, next: AlertPhase = 'inactive'): void {
    this.phase = next;
    this.latched = false;
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
