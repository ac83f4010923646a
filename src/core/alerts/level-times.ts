import type { CeaseReason } from '../model/alert/alert.ts';
import type { AlertState, LevelState } from '../model/partition-set/partition-set-state.ts';
import type { CompiledRule } from '../compilation/compile-rule.ts';
import type { Level } from '../compilation/levels.ts';
import type { Truth } from '../primitives/truth.ts';
import { decidedAt, isProven, markOverdue, type Timing } from './proof.ts';

/*
 * Levels with times of their own. Each is on or off: it turns on when its condition has held for its `for`, and off when
 * that has been false for its `keepFiringFor`. The alert fires while a level is on, at the highest that is.
 */

type TimedRule = Pick<CompiledRule, 'levels' | 'each'>;

/** The levels of an alert as of now; -1 stands for no level. */
export interface TimedLevels {
  /** The highest level that is on. */
  on: number;
  /** One is on, and none was before. */
  turnsOn: boolean;
  /** The highest level whose condition holds, but not yet for long enough. */
  waits: number;
  /** When the first condition began of those that are on or wait; Infinity without any. */
  since: number;
  /** When and why the condition stopped of the level that turned off last, if one turned off now. */
  ceased: { at: number; reason: CeaseReason } | null;
}

/** Updates the levels of an alert. `truthAt`: whether the condition of a level holds. */
export function updateLevels(
  alert: AlertState,
  truthAt: (level: number) => Truth,
  timing: Timing & { rule: TimedRule },
): TimedLevels {
  const { levels } = timing.rule;
  const states = (alert.levels ??= levels.map(newLevel));
  const anyWasOn = states.some(({ on }) => on);
  const firesAt = alert.phase === 'firing' && alert.bySilence !== true ? levelAt(levels, alert) : -1;
  const result: TimedLevels = { on: -1, turnsOn: false, waits: -1, since: Infinity, ceased: null };
  for (let place = levels.length - 1; place >= 0; place--) {
    const [level, state] = [levels[place] as Level, states[place] as LevelState];
    const wasOn = state.on;
    // Once the alert fires, a level below needs no `for`.
    const isBelow = place <= firesAt || result.on >= 0;
    update(state, truthAt(place), isBelow ? { ...level, forMs: 0 } : level, timing);
    if (state.on) result.on = Math.max(result.on, place);
    else if (state.truth) result.waits = Math.max(result.waits, place);
    result.since = Math.min(result.since, state.since ?? Infinity);
    const { changedAt, reason = timing.cause.ceased } = state;
    if (wasOn && !state.on && changedAt !== null && changedAt > (result.ceased?.at ?? -Infinity))
      result.ceased = { at: changedAt, reason };
  }
  result.turnsOn = result.on >= 0 && !anyWasOn;
  return result;
}

/** The level that an alert has by its severity, or -1. */
export const levelAt = (levels: readonly Level[], { severity }: AlertState): number =>
  levels.findIndex((level) => level.severity === severity);

/** The next time at which a level turns on or off without an event, or Infinity. */
export function levelsMoment({ levels: states = [] }: AlertState, { levels }: TimedRule): number {
  let moment = Infinity;
  for (const [place, state] of states.entries())
    if (state.truth !== state.on) moment = Math.min(moment, turnsAt(state, levels[place] as Level));
  return moment;
}

const newLevel = (): LevelState => ({ on: false, truth: false, since: null, changedAt: null });

type Times = Pick<Level, 'forMs' | 'keepFiringForMs'>;

function update(state: LevelState, answer: Truth, times: Times, timing: Timing): void {
  // Unknown: what is on stays on, and what waits begins anew.
  const truth = answer ?? (state.on && state.truth);
  if (truth !== state.truth) {
    state.truth = truth;
    state.changedAt = Math.max(timing.cause.at, state.changedAt ?? -Infinity);
    markOverdue(state, state.changedAt, lastsMs(state, times), timing);
    if (truth) state.since ??= state.changedAt;
    else state.reason = timing.cause.ceased;
  }
  if (truth !== state.on && isDecided(state, times, timing)) {
    state.on = truth;
    delete state.overdue;
  }
  if (truth) delete state.reason;
  else if (!state.on) state.since = null;
}

function isDecided(state: LevelState, times: Times, { cause, now }: Timing): boolean {
  const lasts = lastsMs(state, times);
  if (lasts === 0) return true;
  const due = (state.changedAt ?? 0) + lasts;
  return cause.byClock ? now >= decidedAt(state, due) : isProven(state, due, cause, now);
}

/** How long the condition must have changed before the level turns. */
function lastsMs({ on, truth }: LevelState, { forMs, keepFiringForMs }: Times): number {
  if (on === truth) return 0;
  return on ? keepFiringForMs : forMs;
}

const turnsAt = (state: LevelState, times: Times): number =>
  decidedAt(state, (state.changedAt ?? 0) + lastsMs(state, times));
