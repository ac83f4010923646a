import { describe, expect, it } from 'vitest';
import type { AlertData } from '../../src/core/model/alert/alert.ts';
import { compareTransitions } from '../../src/offline/compare-transitions.ts';
import type { Expectation } from '../../src/offline/rule-test-schema.ts';

const START = Date.UTC(2026, 0, 1);
const iso = (seconds: number): string => new Date(START + seconds * 1000).toISOString();

function alert(seconds: number, status: 'firing' | 'resolved', more: Partial<AlertData> = {}): AlertData {
  return {
    ...{
      clientId: 'c',
      ruleId: 'r',
      ruleVersion: 1,
      group: {},
      partition: {},
      episode: 1,
      status,
      reason: 'condition',
      state: 'firing',
    },
    ...{
      severity: 'warning',
      startsAt: iso(seconds),
      endsAt: null,
      evaluatedAt: iso(seconds),
      message: 'text',
      labels: {},
    },
    evidence: { items: [], total: 0 },
    ...more,
  };
}

/** `=` for a match, `!` for a mismatch, `-` for a missing transition, `+` for an unexpected one. */
function compared(expected: Expectation[], got: AlertData[]): string {
  return compareTransitions(expected, got, START)
    .map((row) => (row.matches ? '=' : row.expected === undefined ? '+' : row.got === undefined ? '-' : '!'))
    .join('');
}

describe('expected and actual transitions', () => {
  it('match by time and status', () => {
    expect(
      compared(
        [
          { at: '1m', status: 'firing' },
          { at: '90s', status: 'resolved' },
        ],
        [alert(60, 'firing'), alert(90, 'resolved')],
      ),
    ).toBe('==');
    expect(compared([{ at: '1m', status: 'resolved' }], [alert(60, 'firing')])).toBe('!');
  });

  it('show missing and unexpected ones, in time order', () => {
    expect(compared([{ at: '1m', status: 'firing' }], [alert(61, 'firing')])).toBe('-+');
    expect(compared([], [alert(61, 'firing')])).toBe('+');
    expect(compared([{ at: '1m', status: 'firing' }], [])).toBe('-');
  });

  it.each<[Omit<Expectation, 'at' | 'status'>, Partial<AlertData>]>([
    [{ ruleId: 'r' }, { ruleId: 'other' }],
    [{ clientId: 'c' }, { clientId: 'other' }],
    [{ episode: 1 }, { episode: 2 }],
    [{ reason: 'condition' }, { reason: 'noData' }],
    [{ severity: 'warning' }, { severity: 'critical' }],
    [{ message: 'text' }, { message: 'another' }],
    [{ group: {} }, { group: { site: 'berlin' } }],
    [{ partition: {} }, { partition: { machine: 1 } }],
    [{ labels: {} }, { labels: { team: 'a' } }],
    [{ startsAt: '1m' }, { startsAt: iso(59) }],
    [{ startsAt: '2026-01-01T00:01:00Z' }, { startsAt: null }],
  ])('are compared by %j if it is set', (given, other) => {
    const expectation: Expectation = { at: '1m', status: 'firing' };
    expect(compared([{ ...expectation, ...given }], [alert(60, 'firing')])).toBe('=');
    expect(compared([{ ...expectation, ...given }], [alert(60, 'firing', other)])).toBe('!');
    expect(compared([expectation], [alert(60, 'firing', other)])).toBe('=');
  });

  it('may be in any order at one moment', () => {
    const [a, b] = [{ machine: 'a' }, { machine: 'b' }];
    const got = [alert(60, 'firing', { partition: a }), alert(60, 'firing', { partition: b })];
    const at = '1m';
    expect(
      compared(
        [
          { at, status: 'firing', partition: b },
          { at, status: 'firing', partition: a },
        ],
        got,
      ),
    ).toBe('==');
    expect(
      compared(
        [
          { at, status: 'firing' },
          { at, status: 'firing', partition: a },
        ],
        got,
      ),
    ).toBe('==');
    expect(
      compared(
        [
          { at, status: 'firing', partition: a },
          { at, status: 'firing', partition: a },
        ],
        got,
      ),
    ).toBe('=!');
  });
});
