import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { AckFloor } from '../../../src/ingest/fairness/ack-floor.ts';
import type { StreamPosition } from '../../../src/ingest/reading/stream-position.ts';

const at = (sequence: number): StreamPosition => ({ sequence, storedAtMs: 10 * sequence });

/** An ack floor whose reader is at `read`. */
function floorBelow(reader: { read: number }): AckFloor {
  return new AckFloor(() => at(reader.read));
}

describe('the ack floor of a tenant', () => {
  it('stays below the oldest message in flight', () => {
    const floor = floorBelow({ read: 0 });
    const [first, second] = [floor.enter(at(1), 1), floor.enter(at(2), 1)];
    floor.settle(second);
    expect(floor.position()).toMatchObject(at(0));
    floor.settle(first);
    expect(floor.position()).toMatchObject(at(2));
  });

  it('waits for all deliveries of a message', () => {
    const floor = floorBelow({ read: 0 });
    const wanted = floor.enter(at(2), 2);
    floor.settle(wanted);
    expect(floor.position().sequence).toBe(0);
    floor.settle(wanted);
    expect(floor.position().sequence).toBe(2);
  });

  it('follows the reader only while nothing is in flight', () => {
    const reader = { read: 5 };
    const floor = floorBelow(reader);
    expect(floor.position()).toEqual(at(5));
    const inFlight = floor.enter(at(6), 1);
    reader.read = 9;
    expect(floor.position()).toEqual(at(5));
    floor.settle(inFlight);
    expect(floor.position()).toEqual(at(9));
  });

  it('never moves back, even if the reader restarts further back', () => {
    const reader = { read: 50 };
    const floor = floorBelow(reader);
    reader.read = 10;
    expect(floor.position()).toEqual(at(50));
  });

  it('wakes callers that wait for a sequence', async () => {
    const reader = { read: 3 };
    const floor = floorBelow(reader);
    await floor.reached(2);
    const inFlight = floor.enter(at(4), 1);
    reader.read = 7;
    let isReached = false;
    const reached = floor.reached(6).then(() => (isReached = true));
    await Promise.resolve();
    expect(isReached).toBe(false);
    floor.settle(inFlight);
    await reached;
  });

  test.prop([
    fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3_000 }),
    fc.infiniteStream(fc.nat()),
  ])(
    'is always just below the oldest message in flight, in whatever order they settle',
    (counts, picks) => {
      const floor = floorBelow({ read: 0 });
      const open = counts.flatMap((count, index) => {
        const inFlight = floor.enter(at(index + 1), count);
        return Array<typeof inFlight>(count).fill(inFlight);
      });
      while (open.length > 0) {
        const [inFlight] = open.splice((picks.next().value ?? 0) % open.length, 1);
        if (inFlight !== undefined) floor.settle(inFlight);
        const oldest = open.reduce((lowest, { sequence }) => Math.min(lowest, sequence), counts.length + 1);
        expect(floor.position().sequence).toBe(oldest - 1);
      }
    },
    60_000,
  );
});
