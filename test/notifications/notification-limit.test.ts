import { describe, expect, it } from 'vitest';
import { heldBackAlert } from '../../src/notifications/held-back-alert.ts';
import { NotificationLimit } from '../../src/notifications/notification-limit.ts';
import { readAlert } from '../../src/notifications/read-alert.ts';

const MINUTE = 60_000;

/** Sends notifications of a client: whether each goes out. */
const send = (limit: NotificationLimit, clientId: string, quota: number | null, times: readonly number[]): boolean[] =>
  times.map((atMs) => limit.take(clientId, quota, atMs) === null);

describe('a receiver', () => {
  it('gets as many notifications of a client each minute as its quota says, whatever others send', () => {
    const limit = new NotificationLimit();
    expect(send(limit, 'acme', 2, [0, 1, 2, 3, MINUTE - 1])).toEqual([true, true, false, false, false]);
    expect(send(limit, 'brim', 2, [MINUTE - 1])).toEqual([true]);
    expect(send(limit, 'corp', null, [1, 2, 3, 4])).toEqual([true, true, true, true]);
    expect(send(limit, 'acme', 2, [MINUTE, MINUTE, MINUTE])).toEqual([true, true, false]);
  });

  it('gets one notice of how many it did not get, when the minute is over', () => {
    const limit = new NotificationLimit();
    send(limit, 'acme', 1, [0, 1, 2]);
    send(limit, 'brim', 5, [0, 1, 2]);
    expect(limit.due(MINUTE - 1)).toEqual([]);
    const due = limit.due(MINUTE);
    expect(due).toEqual([{ clientId: 'acme', count: 2, quota: 1, fromMs: 0, untilMs: MINUTE }]);
    for (const held of due) limit.noticed(held);
    expect(limit.due(9 * MINUTE)).toEqual([]);
  });

  it('gets notice of all of it in the end, if it cannot be reached at first', () => {
    const limit = new NotificationLimit();
    send(limit, 'acme', 1, [0, 1]);
    const [first] = limit.due(MINUTE);
    send(limit, 'acme', 1, [MINUTE, MINUTE, 2 * MINUTE, 2 * MINUTE, 2 * MINUTE]);
    expect(limit.due(3 * MINUTE)).toEqual([first]);
    if (first !== undefined) limit.noticed(first);
    expect(limit.due(3 * MINUTE)).toMatchObject([{ count: 3, fromMs: MINUTE, untilMs: 3 * MINUTE }]);
  });
});

it('the notice is an alert like all others', () => {
  const held = { clientId: 'acme', count: 7, quota: 2, fromMs: 0, untilMs: MINUTE };
  const alert = heldBackAlert(held, 'on-call/1', MINUTE);
  expect(readAlert(new TextEncoder().encode(JSON.stringify(alert)))).toEqual(alert);
  expect(alert.data).toMatchObject({ status: 'limit', labels: { quota: 'alertsPerMinute', heldBack: '7' } });
  expect(alert.data.message).toMatch(/^7 notifications of acme .* 1970-01-01T00:01:00.000Z .* 2 a minute/);
});
