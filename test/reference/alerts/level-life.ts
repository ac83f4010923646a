import type { AlertReason } from '../../../src/core/model/alert/alert.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import { SEVERITIES, type Severity } from '../../../src/core/model/alert/severity.ts';
import type { Answer } from '../conditions/condition.ts';
import { undecided, type Instant } from '../model.ts';
import { ms } from '../ms.ts';

/** "Levels with times of their own" of docs/semantics.md: one level of one alert, from instant to instant. */
class LevelLife {
  isOn = false;
  /** When its condition began, if it is on or waits for `for`. */
  began: number | null = null;
  /** When its condition last stopped. */
  stopped: { at: number; reason: AlertReason } = { at: -Infinity, reason: 'cleared' };
  private holds = false;
  private changed = -Infinity;
  private undecidedUntil = -Infinity;
  private by: string | null = null;

  judge(instant: Instant, given: Answer, lasts: { for: number; keep: number }, why: Why): void {
    // What is on stays on while that is unknown, unless it has stopped; what waits starts again.
    const now = given === 'yes' || (given === 'unknown' && this.isOn && this.holds);
    const wait = this.isOn ? lasts.keep : lasts.for;
    if (now !== this.holds) {
      this.holds = now;
      this.changed = Math.max(this.changed, instant.cause);
      this.undecidedUntil = now === this.isOn || wait === 0 ? -Infinity : undecided(instant, this.changed + wait);
      this.by = why.of;
      if (now) this.began ??= this.changed;
      else this.stopped = { at: this.changed, reason: why.reason };
    }
    if (now !== this.isOn && (wait === 0 || this.hasLasted(instant, why.of, this.changed + wait))) this.isOn = now;
    if (!now && !this.isOn) this.began = null;
  }

  get waits(): boolean {
    return this.holds && !this.isOn;
  }

  private hasLasted({ clock, cause, end, settings }: Instant, of: string | null, due: number): boolean {
    if (end) return clock >= due && clock >= this.undecidedUntil;
    return settings !== true && clock <= this.undecidedUntil && this.by === of && cause >= due;
  }
}

/** The event that came, if one did, and the reason to give for what stops. */
interface Why {
  of: string | null;
  reason: AlertReason;
}

/** What the levels say of their alert. */
export interface LevelsNow {
  on: Severity | null;
  /** One is on, and none was before this instant. */
  turnsOn: boolean;
  waiting: Severity | null;
  /** When the first condition began of those on or waiting. */
  began: number;
  /** If a level turned off: the last one whose condition stopped. */
  stopped: { at: number; reason: AlertReason } | null;
}

export class LevelLives {
  private readonly rule: Rule;
  private lives = new Map<Severity, LevelLife>();

  constructor(rule: Rule) {
    this.rule = rule;
  }

  /** @param fires the severity at which the alert fires, by its levels */
  judge(instant: Instant, answers: Map<Severity, Answer>, fires: Severity | null, why: Why): LevelsNow {
    const given = timesOf(this.rule);
    const wereOn = [...this.lives.values()].some(({ isOn }) => isOn);
    const now: LevelsNow = { on: null, turnsOn: false, waiting: null, began: Infinity, stopped: null };
    for (const severity of SEVERITIES.toReversed()) {
      const level = given.find((each) => each.severity === severity);
      if (level === undefined) continue;
      const life = this.lives.get(severity) ?? new LevelLife();
      this.lives.set(severity, life);
      const isBelow = now.on !== null || (fires !== null && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(fires));
      const waits = isBelow ? 0 : ms(level.for ?? this.rule.for ?? '0s');
      const wasOn = life.isOn;
      life.judge(
        instant,
        answers.get(severity) ?? 'no',
        { for: waits, keep: ms(level.keepFiringFor ?? this.rule.keepFiringFor ?? '0s') },
        why,
      );
      if (life.isOn) now.on ??= severity;
      if (life.waits) now.waiting ??= severity;
      now.began = Math.min(now.began, life.began ?? Infinity);
      if (wasOn && !life.isOn && life.stopped.at > (now.stopped?.at ?? -Infinity)) now.stopped = life.stopped;
    }
    now.turnsOn = now.on !== null && !wereOn;
    return now;
  }

  reset(): void {
    this.lives = new Map();
  }
}

type Times = { severity: Severity } & Pick<Rule, 'for' | 'keepFiringFor'>;

const timesOf = ({ evaluate }: Rule): readonly Times[] => (evaluate.type === 'sequence' ? [] : (evaluate.levels ?? []));

/** Whether a level has its own `for` or `keepFiringFor`: then each counts by itself. */
export const isTimed = (rule: Rule): boolean =>
  timesOf(rule).some((level) => level.for !== undefined || level.keepFiringFor !== undefined);
