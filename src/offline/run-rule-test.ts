import type { AlertData } from '../core/model/alert/alert.ts';
import { parseDuration } from '../core/primitives/text/duration.ts';
import { VigilError } from '../core/primitives/errors.ts';
import { parseTime, type VigilEvent } from '../core/model/event/event.ts';
import type { Rule } from '../core/model/rule/rule-schema.ts';
import { compareTransitions, type TransitionPair } from './compare-transitions.ts';
import { momentMs } from './moment.ts';
import { Player, storedAt } from './player.ts';
import { arrivedEvent } from './recorded-event.ts';
import { TESTED_STATUSES, type RuleTest } from './rule-test-schema.ts';

const DEFAULT_START = '2026-01-01T00:00:00Z';
const TESTED: ReadonlySet<string> = new Set(TESTED_STATUSES);

export interface RuleTestResult {
  passed: boolean;
  /** Epoch ms. */
  startMs: number;
  comparisons: TransitionPair[];
  /** Events that were not played, and why: `path` as in `events[2]`. */
  remarks: { path: string; message: string }[];
}

/** Runs one test: plays the events, then advances the clock to the end. */
export function runRuleTest(test: RuleTest, rules: readonly Rule[]): RuleTestResult {
  const startMs = startOf(test);
  const untilMs = endOf(test, startMs);
  const got: AlertData[] = [];
  const remarks: RuleTestResult['remarks'] = [];
  const player = new Player(storedAt(startMs, rules), ({ data }) => {
    if (TESTED.has(data.status)) got.push(data);
  });
  const arrivals = (test.events ?? []).map(({ at, ...payload }, index) => ({
    path: `events[${index}]`,
    atMs: momentMs(at, startMs) ?? NaN,
    payload,
  }));
  arrivals.sort((a, b) => a.atMs - b.atMs);
  for (const [index, { path, atMs, payload }] of arrivals.entries()) {
    if (atMs > untilMs) remarks.push({ path, message: 'is not played: it arrives after `until`' });
    else if (atMs < startMs) remarks.push({ path, message: 'is not played: it arrives before `start`' });
    else {
      const event = readEvent(withOwnTime(payload, startMs), index + 1, atMs);
      if (typeof event === 'string') remarks.push({ path, message: `goes to the dead letters: ${event}` });
      else player.play(event);
    }
  }
  player.finish(untilMs);
  // The clocks of rules with `lateTolerance` run behind those of others.
  got.sort((a, b) => Date.parse(a.evaluatedAt) - Date.parse(b.evaluatedAt));
  const comparisons = compareTransitions(test.expect, got, startMs);
  return { passed: comparisons.every(({ matches }) => matches), startMs, comparisons, remarks };
}

/** When the rules of a test start, epoch ms. */
export const startOf = ({ start }: RuleTest): number => parseTime(start ?? DEFAULT_START) ?? NaN;

function endOf({ until, events = [], expect }: RuleTest, startMs: number): number {
  const moments = until === undefined ? [...events, ...expect].map(({ at }) => at) : [until];
  return moments.reduce((latest, at) => Math.max(latest, momentMs(at, startMs) ?? NaN), startMs);
}

/** In a test, an event time may also be an offset. */
function withOwnTime(payload: Record<string, unknown>, startMs: number): Record<string, unknown> {
  const { time } = payload;
  if (typeof time !== 'string' || parseDuration(time.replace(/^-/, '')) === undefined) return payload;
  return { ...payload, time: new Date(momentMs(time, startMs) ?? NaN).toISOString() };
}

/** The event, or why the live system would reject it. */
function readEvent(payload: unknown, sequence: number, arrivesAtMs: number): VigilEvent | string {
  try {
    return arrivedEvent(payload, { sequence, arrivesAtMs });
  } catch (error) {
    if (error instanceof VigilError) return error.message;
    throw error;
  }
}
