import { describe, expect, it } from 'vitest';
import type { AlertData } from '../../src/core/model/alert/alert.ts';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import { parseRule } from '../../src/core/language/parse/parse-rule.ts';
import { Backtest } from '../../src/offline/backtest.ts';
import { recordedEvent } from '../../src/offline/recorded-event.ts';

const rule = parseRule({
  id: 'hot',
  clientId: 'c',
  where: [{ property: 'type', equals: 'temperature' }],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'celsius', gt: 80 } },
  for: '1m',
});

const hot = (time: unknown, celsius = 90): object => ({ clientId: 'c', type: 'temperature', time, celsius });

function backtest(recording: unknown[], until?: string, from?: string, rules: Rule[] = [rule]) {
  const alerts: AlertData[] = [];
  const unusable: string[] = [];
  const run = new Backtest({
    rules,
    fromMs: from === undefined ? undefined : Date.parse(from),
    untilMs: until === undefined ? undefined : Date.parse(until),
    onAlert: (alert) => alerts.push(alert),
    onUnusable: (sequence, message) => unusable.push(`${sequence}: ${message}`),
  });
  const taken = recording.map((value, index) =>
    run.apply(index + 1, (clockMs) => recordedEvent(value, index + 1, clockMs)),
  );
  run.finish();
  return {
    run,
    taken,
    unusable,
    alerts: alerts.map(({ evaluatedAt, status, startsAt }) => `${evaluatedAt} ${status} since ${String(startsAt)}`),
  };
}

const NONE_HOT = { type: 'count', equals: 0, having: { calc: 'latest', property: 'celsius', gt: 80 } };

const fired = '2026-01-01T00:01:00.000Z firing since 2026-01-01T00:00:00.000Z';

describe('a backtest', () => {
  it('advances the clock by the times of the events, ISO 8601 or epoch ms', () => {
    const { run, alerts } = backtest([hot('2026-01-01T00:00:00Z'), hot(Date.UTC(2026, 0, 1, 0, 2))]);
    expect(alerts).toEqual([fired]);
    expect(run).toMatchObject({
      events: 2,
      unusable: 0,
      firstMs: Date.UTC(2026, 0, 1),
      endMs: Date.UTC(2026, 0, 1, 0, 2),
    });
  });

  it('ends with the last event, and what is due then', () => {
    expect(backtest([hot('2026-01-01T00:00:00Z'), hot('2026-01-01T00:01:00Z')]).alerts).toEqual([fired]);
    expect(backtest([hot('2026-01-01T00:00:00Z'), hot('2026-01-01T00:00:59Z')]).alerts).toEqual([]);
  });

  it('shows from the requested start what time alone brings about before the first event', () => {
    const silent = parseRule({
      ...rule,
      expect: undefined,
      noData: undefined,
      id: 'none',
      evaluate: NONE_HOT,
      for: '5m',
    });
    const firing = '2025-12-31T23:35:00.000Z firing since 2025-12-31T23:30:00.000Z';
    const { run, alerts } = backtest([hot('2026-01-01T00:00:00Z')], undefined, '2025-12-31T23:30:00Z', [silent]);
    expect(alerts).toEqual([firing, '2026-01-01T00:00:00.000Z resolved since 2025-12-31T23:30:00.000Z']);
    expect(run).toMatchObject({ events: 1, firstMs: Date.UTC(2025, 11, 31, 23, 30) });
    expect(backtest([], '2025-12-31T23:40:00Z', '2025-12-31T23:30:00Z', [silent]).alerts).toEqual([firing]);
    expect(backtest([hot('2026-01-01T00:00:00Z')], undefined, undefined, [silent]).alerts).toEqual([]);
  });

  it('does not play what arrives before the requested start', () => {
    const { run, alerts } = backtest(
      [hot('2026-01-01T00:00:00Z'), hot('2026-01-01T00:05:00Z', 20)],
      undefined,
      '2026-01-01T00:01:00Z',
    );
    expect([run.events, alerts]).toEqual([1, []]);
  });

  it('brings the clock of a rule with lateTolerance to the end, too', () => {
    const tolerant = parseRule({ ...rule, lateTolerance: '30s' });
    expect(backtest([hot('2026-01-01T00:00:00Z')], '2026-01-01T00:01:00Z', undefined, [tolerant]).alerts).toEqual([
      fired,
    ]);
    expect(backtest([hot('2026-01-01T00:00:00Z')], '2026-01-01T00:00:59Z', undefined, [tolerant]).alerts).toEqual([]);
  });

  it('runs until the requested end', () => {
    expect(backtest([hot('2026-01-01T00:00:00Z')], '2026-01-02').alerts).toEqual([fired]);
  });

  it('does not play events after the end', () => {
    const { run, taken, alerts } = backtest(
      [hot('2026-01-01T00:00:00Z'), hot('2026-01-01T00:03:00Z', 20)],
      '2026-01-01T00:02:00Z',
    );
    expect(taken).toEqual([true, false]);
    expect(run.events).toBe(1);
    expect(alerts).toEqual([fired]);
  });

  it('treats an event out of order as a late one: it arrives now, and overwrites nothing newer', () => {
    const { alerts } = backtest([
      hot('2026-01-01T00:02:00Z', 20),
      hot('2026-01-01T00:00:00Z'),
      hot('2026-01-01T00:10:00Z', 20),
    ]);
    expect(alerts).toEqual([]);
  });

  it('continues after an invalid event, and reports the reason', () => {
    const { run, unusable, alerts } = backtest([
      [hot(0)],
      { type: 'temperature', time: 0 },
      { clientId: 'c', time: 0 },
      { clientId: 'c', type: 'temperature' },
      hot('yesterday'),
      { clientId: 'C 1', type: 'temperature', time: 0 },
      hot('2026-01-01T00:00:00Z'),
      hot('2026-01-01T00:02:00Z'),
    ]);
    expect(unusable.map((text) => text.replace(' The event is not valid.', ''))).toEqual([
      '1: It must be a JSON object.',
      '2: It needs a string `clientId`.',
      '3: It needs a string `type`.',
      '4: It needs a `time`: ISO 8601 or epoch milliseconds.',
      '5: The time "yesterday" is not valid; send ISO 8601 or epoch milliseconds.',
      expect.stringMatching(/^6: .*has no valid client id/),
    ]);
    expect(run).toMatchObject({ events: 2, unusable: 6 });
    expect(alerts).toEqual([fired]);
  });

  it('without events reports nothing', () => {
    expect(backtest([]).run).toMatchObject({ events: 0, unusable: 0 });
  });
});
