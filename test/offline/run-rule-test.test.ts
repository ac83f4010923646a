import { describe, expect, it } from 'vitest';
import { parseRule } from '../../src/core/language/parse/parse-rule.ts';
import { runRuleTest } from '../../src/offline/run-rule-test.ts';
import type { RuleTest } from '../../src/offline/rule-test-schema.ts';

const stopped = parseRule({
  id: 'stopped',
  clientId: 'c',
  where: [{ property: 'type', equals: 'status' }],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
  for: '1m',
  heartbeat: '10s',
  repeat: '10s',
});

const status = (at: string, state: string, more: object = {}) => ({
  at,
  clientId: 'c',
  type: 'status',
  state,
  ...more,
});
const run = (test: Omit<RuleTest, 'name'>) => runRuleTest({ name: 'a test', ...test }, [stopped]);

describe('a rule test', () => {
  it('sees firing, resolved and severity transitions, but no reminders or heartbeats', () => {
    const { passed, comparisons } = run({
      events: [status('0s', 'stopped'), status('2m', 'running')],
      until: '5m',
      expect: [
        { at: '1m', status: 'firing' },
        { at: '2m', status: 'resolved' },
      ],
    });
    expect(comparisons).toHaveLength(2);
    expect(passed).toBe(true);
  });

  it('plays events in the order of arrival, and in listed order at the same time', () => {
    const { passed } = run({
      events: [status('30s', 'running'), status('10s', 'stopped'), status('30s', 'stopped')],
      expect: [{ at: '90s', status: 'firing' }],
    });
    expect(passed).toBe(true);
  });

  it.each([
    ['an offset', '10s'],
    ['an ISO 8601 time', '2026-01-01T00:00:10Z'],
    ['epoch ms', Date.UTC(2026, 0, 1, 0, 0, 10)],
    ['a timestamp', undefined],
  ])('accepts an event time as %s', (_kind, time) => {
    const own = time === undefined ? { timestamp: '2026-01-01T00:00:10Z' } : { time };
    expect(
      run({ events: [status('30s', 'stopped', own)], expect: [{ at: '70s', status: 'firing', startsAt: '10s' }] })
        .passed,
    ).toBe(true);
  });

  it('starts in 2026, or at its start', () => {
    const test = { events: [status('0s', 'stopped')], expect: [{ at: '1m', status: 'firing' as const }] };
    expect(run(test).startMs).toBe(Date.UTC(2026, 0, 1));
    expect(run({ ...test, start: '2026-03-29T00:30:00+01:00' })).toMatchObject({
      startMs: Date.UTC(2026, 2, 28, 23, 30),
      passed: true,
    });
  });

  it.each([
    ['the last event', { events: [status('0s', 'stopped'), status('1m', 'stopped')], expect: [] }],
    [
      'the last expectation',
      { events: [status('0s', 'stopped')], expect: [{ at: '90s', status: 'resolved' as const }] },
    ],
  ])('ends with %s, unless it has until', (_end, test) => {
    const came = (whole: typeof test & { until?: string }) =>
      run(whole).comparisons.flatMap(({ got }) => got?.status ?? []);
    expect(came(test)).toEqual(['firing']);
    expect(came({ ...test, until: '59s' })).toEqual([]);
  });

  it.each([
    ['arrives after the end', status('6m', 'stopped'), 'is not played: it arrives after `until`'],
    ['arrives before the start', status('-1s', 'stopped'), 'is not played: it arrives before `start`'],
    [
      'would go to the dead letters',
      status('1m', 'stopped', { time: '7m' }),
      expect.stringMatching(/^goes to the dead letters: .* more than 5 minutes ahead/),
    ],
    [
      'has an invalid client id',
      status('1m', 'stopped', { clientId: 'A b' }),
      expect.stringMatching(/^goes to the dead letters: .* has no valid client id/),
    ],
  ])('reports an event that %s, and does not play it', (_what, event, message) => {
    const { passed, remarks } = run({ events: [event], until: '5m', expect: [] });
    expect(passed).toBe(true);
    expect(remarks).toEqual([{ path: 'events[0]', message: message as unknown }]);
  });
});
