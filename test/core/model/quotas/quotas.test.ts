import { describe, expect, it, test } from 'vitest';
import { pauseClient, resumeClient, setQuotas } from '../../../../src/core/model/client-record.ts';
import { EventMeter } from '../../../../src/core/model/quotas/event-meter.ts';
import {
  eventRateAt,
  inForceFrom,
  withEventRate,
  type EventRates,
} from '../../../../src/core/model/quotas/event-rates.ts';
import { quotaOverrides, quotasOf } from '../../../../src/core/model/quotas/quotas.ts';
import { NO_QUOTAS } from '../../../support/vigil/no-quotas.ts';

const MINUTE = 60_000;

describe('the quotas of a client', () => {
  const defaults = { ...NO_QUOTAS, rules: 10, eventsPerSecond: 5 };
  test.each([
    ['without own ones are the defaults', undefined, { rules: 10, eventsPerSecond: 5 }],
    ['are its own where it has some', { rules: 20 }, { rules: 20, eventsPerSecond: 5 }],
    ['can be none, whatever the default is', { rules: null }, { rules: null, eventsPerSecond: 5 }],
    ['can be ones that have no default', { alertsPerMinute: 3 }, { rules: 10, eventsPerSecond: 5, alertsPerMinute: 3 }],
  ])('%s', (_name, own, expected) => {
    expect(quotasOf(defaults, own)).toEqual({ ...NO_QUOTAS, ...expected });
  });

  test.each([[{ rules: 0 }], [{ rules: 1.5 }], [{ rules: '5' }], [{ rule: 5 }]])('cannot be %j', (own) => {
    expect(quotaOverrides.safeParse(own).success).toBe(false);
  });

  it('and its pause are kept apart: each change leaves the other as it is', () => {
    const limited = setQuotas({}, { rules: 5, eventsPerSecond: 2 }, 0);
    const paused = pauseClient(limited, { sinceMs: 7, by: 'ana' }) ?? {};
    expect(paused).toMatchObject({ ...limited, pause: { sinceMs: 7, by: 'ana' } });
    const cleared = setQuotas(paused, {}, 0);
    expect(cleared).toMatchObject({ pause: { sinceMs: 7 } });
    expect(cleared.quotas).toBeUndefined();
    expect(resumeClient(paused, 'publish')).toMatchObject({ ...limited, resumedAs: 'publish' });
  });
});

describe('a quota of events', () => {
  test.each([
    [0, MINUTE],
    [29_999, MINUTE],
    [30_000, MINUTE],
    [30_001, 2 * MINUTE],
    [MINUTE, 2 * MINUTE],
  ])('of %d ms holds from %d ms on', (nowMs, fromMs) => expect(inForceFrom(nowMs)).toBe(fromMs));

  const rates = withEventRate(withEventRate([], 5, 0), null, 10 * MINUTE);
  test.each([
    ['before the first one, the default holds', 59_999, 3],
    ['its own', MINUTE, 5],
    ['until the next one', 11 * MINUTE - 1, 5],
    ['none at all', 11 * MINUTE, null],
  ])('of each time: %s', (_name, atMs, expected) => {
    expect(eventRateAt(rates, [{ fromMs: 0, perSecond: 3 }], atMs)).toBe(expected);
  });

  it('is the default of that time again once it is cleared', () => {
    const defaults: EventRates = [{ fromMs: 0, perSecond: 3 }, { fromMs: 30 * MINUTE }];
    const cleared = withEventRate(rates, undefined, 20 * MINUTE);
    expect(eventRateAt(cleared, defaults, 21 * MINUTE)).toBe(3);
    expect(eventRateAt(cleared, defaults, 30 * MINUTE)).toBeNull();
  });

  it('replaces one that does not hold yet, but none that events may have met', () => {
    expect(withEventRate(withEventRate([], 5, 0), 6, 1)).toEqual([{ fromMs: MINUTE, perSecond: 6 }]);
    const later = withEventRate(withEventRate([], 5, 0), 6, 30_001);
    expect(later.map(({ fromMs }) => fromMs)).toEqual([MINUTE, 2 * MINUTE]);
  });

  it('that is the same changes nothing, and the list stays bounded', () => {
    expect(withEventRate(rates, null, 30 * MINUTE)).toBe(rates);
    let many: EventRates = [];
    for (let minute = 0; minute < 300; minute++) many = withEventRate(many, minute + 1, minute * MINUTE);
    expect(many).toHaveLength(100);
    expect(many.at(-1)).toEqual({ fromMs: 300 * MINUTE, perSecond: 300 });
  });
});

describe('the bucket of tokens of a client', () => {
  /** Which events, of these times, get a token. */
  const play = (perSecond: number | null, times: readonly number[]): boolean[] => {
    const meter = new EventMeter();
    return times.map((atMs) => meter.take(atMs, perSecond));
  };

  it('has ten seconds’ worth, and is filled up at each whole 10 seconds', () => {
    const burst = Array.from({ length: 25 }, () => 9_999);
    expect(play(2, burst)).toEqual(burst.map((_, index) => index < 20));
    expect(play(2, [...burst, 10_000, 10_001]).slice(25)).toEqual([true, true]);
  });

  it('lets everything pass without a quota, but counts it', () => {
    const meter = new EventMeter();
    for (let count = 0; count < 50; count++) expect(meter.take(5, null)).toBe(true);
    expect(meter.take(6, 5)).toBe(false);
  });

  it('decides alike for whoever begins at any filling', () => {
    const times = Array.from({ length: 400 }, (_, index) => index * 137);
    const whole = play(0.5, times);
    expect(whole).toContain(false);
    for (const from of [10_000, 20_000, 40_000]) {
      const begin = times.findIndex((atMs) => atMs >= from);
      expect(play(0.5, times.slice(begin))).toEqual(whole.slice(begin));
    }
  });
});
