import { describe, expect, it } from 'vitest';
import { Health } from '../../../src/app/health/health.ts';
import { degraded, type DegradedReason } from '../../../src/core/health/degraded.ts';

const upHealth = (...parts: string[]): Health => {
  const health = new Health(parts);
  for (const part of parts) health.set(part, () => 'up');
  return health;
};
const heldSince = (sinceMs: number): DegradedReason =>
  degraded('SET_HELD', 'Events wait.', sinceMs, { clientId: 'client-01' });

describe('the health of vigil', () => {
  it('is ok while all parts are up and have no reasons', () => {
    expect(upHealth('nats', 'worker').report()).toEqual({
      status: 'ok',
      parts: { nats: { state: 'up' }, worker: { state: 'up' } },
      reasons: [],
      reasonCount: 0,
    });
  });

  it('is degraded while a part that is up has a reason', () => {
    const health = upHealth('nats', 'subscriber');
    let reasons = [heldSince(1_000)];
    health.degradedBy('subscriber', () => reasons);
    expect(health.report()).toMatchObject({
      status: 'degraded',
      parts: { nats: { state: 'up' }, subscriber: { state: 'degraded' } },
      reasons: [
        { part: 'subscriber', code: 'SET_HELD', since: '1970-01-01T00:00:01.000Z', fields: { clientId: 'client-01' } },
      ],
      reasonCount: 1,
    });
    expect(health.report().reasons[0]?.message).toMatch(
      /^Events wait\. Check that a worker runs, .*nats stream info ALERTS/,
    );
    reasons = [];
    expect(health.report().status).toBe('ok');
  });

  it.each(['down', 'starting'] as const)('is %s if a part is, even with reasons', (state) => {
    const health = upHealth('nats', 'worker');
    health.set('nats', () => state);
    health.degradedBy('worker', () => [heldSince(0)]);
    expect(health.report()).toMatchObject({ status: state, parts: { worker: { state: 'degraded' } } });
  });

  it('has the 20 oldest reasons of all parts and the total number', () => {
    const health = upHealth('worker', 'subscriber');
    const many = Array.from({ length: 30 }, (_, n) => heldSince(1_000_000 - n * 1_000));
    health.degradedBy('worker', () => many.slice(0, 15));
    health.degradedBy('subscriber', () => many.slice(15));
    const { reasons, reasonCount } = health.report();
    expect(reasonCount).toBe(30);
    expect(reasons.map(({ since }) => since)).toEqual(
      many
        .map(({ since }) => since)
        .sort()
        .slice(0, 20),
    );
    expect(health.reasons()).toHaveLength(30);
  });
});
