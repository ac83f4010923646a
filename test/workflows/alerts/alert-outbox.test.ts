import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AlertEnvelope, AlertStatus } from '../../../src/core/model/alert/alert.ts';
import { jsonBytes } from '../../../src/core/primitives/text/bytes.ts';
import type { PartitionSet } from '../../../src/core/partition-set/partition-set.ts';
import { AlertOutbox } from '../../../workflows/alerts/alert-outbox.ts';
import { sampleAlert } from '../../notifications/sample-alert.ts';

const NOW_MS = Date.UTC(2026, 10, 27, 12);
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const FULL_BYTES = 256 * 1024;

beforeEach(() => vi.useFakeTimers({ now: NOW_MS }));
afterEach(() => vi.useRealTimers());

/** An alert that was evaluated this long ago. */
function alertOf(status: AlertStatus, { episode = 1, agoMs = 0, machine = 'm1', message = '' } = {}): AlertEnvelope {
  const at = NOW_MS - agoMs;
  const id = `set/machineId=${machine}#g.${episode}:${status}${status === 'firing' || status === 'resolved' ? '' : `@${at}`}`;
  return sampleAlert(id, {
    status,
    episode,
    partition: { machineId: machine },
    evaluatedAt: new Date(at).toISOString(),
    message,
  });
}

/** The only part of a set that an outbox reads: its new alerts. */
function collect(outbox: AlertOutbox, ...out: AlertEnvelope[]): void {
  outbox.collect({ outbox: out } as unknown as PartitionSet);
}

const idsOf = (outbox: AlertOutbox): string[] =>
  outbox.alerts().map(({ id }) => id.replace(/^set\/machineId=|@\d+$/g, ''));

describe('an outbox', () => {
  it('returns alerts in order, as many as fit by count and by bytes, and at least one', () => {
    const outbox = new AlertOutbox([]);
    const alerts = [1, 2, 3, 4].map((episode) => alertOf('firing', { episode, message: 'x'.repeat(1_000) }));
    collect(outbox, ...alerts);
    expect(outbox.next(3, Infinity)).toEqual(alerts.slice(0, 3));
    expect(outbox.next(10, 2 * jsonBytes(alerts[0]))).toEqual(alerts.slice(0, 2));
    expect(outbox.next(10, 1)).toEqual(alerts.slice(0, 1));
    outbox.published(alerts.slice(0, 2));
    expect(outbox.alerts()).toEqual(alerts.slice(2));
  });

  it('is full from a size in bytes on, until half of it is published', () => {
    const outbox = new AlertOutbox([]);
    const text = '機'.repeat(1_000);
    for (let episode = 1; !outbox.isFull(); episode++) collect(outbox, alertOf('firing', { episode, message: text }));
    expect(outbox.size).toBeGreaterThanOrEqual(FULL_BYTES);
    expect(outbox.size).toBe(outbox.alerts().reduce((sum, alert) => sum + jsonBytes(alert), 0));
    while (outbox.size > FULL_BYTES / 2) {
      expect(outbox.isFull()).toBe(true);
      outbox.published(outbox.next(1, Infinity));
    }
    expect(outbox.isFull()).toBe(false);
    expect(new AlertOutbox(outbox.alerts()).size).toBe(outbox.size);
  });

  it('drops late heartbeats, and replaces reminders that have waited long', () => {
    const outbox = new AlertOutbox([]);
    collect(
      outbox,
      alertOf('heartbeat', { agoMs: 2 * MINUTE_MS }),
      alertOf('firing'),
      alertOf('heartbeat', { agoMs: SECOND_MS }),
    );
    expect(outbox.staleHeartbeats).toBe(1);
    expect(idsOf(outbox)).toEqual(['m1#g.1:firing', 'm1#g.1:heartbeat']);

    collect(
      outbox,
      alertOf('reminder', { agoMs: 3 * MINUTE_MS }),
      alertOf('reminder', { agoMs: 3 * MINUTE_MS, machine: 'm2' }),
      alertOf('reminder', { agoMs: 2 * MINUTE_MS }),
      alertOf('reminder'),
    );
    expect(idsOf(outbox)).toEqual(['m1#g.1:firing', 'm1#g.1:heartbeat', 'm2#g.1:reminder', 'm1#g.1:reminder']);
  });

  it('keeps every fresh reminder, and those in flight', () => {
    const outbox = new AlertOutbox([]);
    collect(outbox, alertOf('reminder', { agoMs: 2 * MINUTE_MS }));
    outbox.next(1, Infinity);
    collect(outbox, alertOf('reminder', { agoMs: 2 * SECOND_MS }), alertOf('reminder', { agoMs: SECOND_MS }));
    expect(outbox.length).toBe(3);
  });

  it('of a rebuilt set drops published alerts, if they have the same ids', () => {
    const outbox = new AlertOutbox([]);
    outbox.past = { untilMs: NOW_MS - MINUTE_MS, hasSameIds: true };
    collect(
      outbox,
      alertOf('firing', { agoMs: 3 * MINUTE_MS }),
      alertOf('resolved', { agoMs: 2 * MINUTE_MS }),
      alertOf('firing', { episode: 2, agoMs: SECOND_MS }),
    );
    expect(idsOf(outbox)).toEqual(['m1#g.2:firing']);
  });

  it('of a rebuilt set with other ids keeps of the past only what still fires', () => {
    const outbox = new AlertOutbox([]);
    outbox.past = { untilMs: NOW_MS - MINUTE_MS, hasSameIds: false };
    const agoMs = 5 * MINUTE_MS;
    collect(
      outbox,
      alertOf('firing', { agoMs }),
      alertOf('firing', { agoMs, machine: 'm2' }),
      alertOf('severity', { agoMs }),
      alertOf('resolved', { agoMs }),
      alertOf('firing', { episode: 2, agoMs }),
    );
    expect(idsOf(outbox)).toEqual(['m2#g.1:firing', 'm1#g.2:firing']);
  });

  it('publishes the end of such an alert if its start was already published', () => {
    const outbox = new AlertOutbox([]);
    outbox.past = { untilMs: NOW_MS - MINUTE_MS, hasSameIds: false };
    const agoMs = 5 * MINUTE_MS;
    collect(outbox, alertOf('firing', { agoMs }), alertOf('firing', { agoMs, machine: 'm2' }));
    outbox.published(outbox.next(1, Infinity));
    collect(outbox, alertOf('resolved', { agoMs }), alertOf('resolved', { agoMs, machine: 'm2' }));
    expect(idsOf(outbox)).toEqual(['m1#g.1:resolved']);
  });
});
