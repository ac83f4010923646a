import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { Floor } from '../../src/subscriber/floor.ts';

const floorAt = (sequence: number, moved: number[] = []): Floor => {
  const floor: Floor = new Floor(sequence, 0, () => moved.push(floor.sequence));
  return floor;
};

describe('the floor of a lane', () => {
  it('moves up only behind the oldest message that still waits', () => {
    const floor = floorAt(0);
    const [first, second] = [floor.enter(1, 10, 1), floor.enter(2, 20, 1)];
    floor.settle(second);
    expect(floor.sequence).toBe(0);
    floor.settle(first);
    expect(floor).toMatchObject({ sequence: 2, storedAtMs: 20 });
  });

  it('passes messages that nobody wants at once, and waits for all deliveries of one', () => {
    const floor = floorAt(0);
    floor.enter(1, 10, 0);
    const wanted = floor.enter(2, 20, 2);
    floor.enter(3, 30, 0);
    floor.settle(wanted);
    expect(floor.sequence).toBe(1);
    floor.settle(wanted);
    expect(floor.sequence).toBe(3);
  });

  it('tells those who wait for a sequence', async () => {
    const floor = floorAt(0);
    const reached = floor.reached(2);
    floor.enter(1, 10, 0);
    floor.enter(2, 20, 0);
    await reached;
    await floor.reached(1);
  });

  it('skips a gap in the stream, but never what still waits', () => {
    const floor = floorAt(0);
    floor.skipTo(5);
    expect(floor.sequence).toBe(5);
    floor.enter(6, 60, 1);
    floor.skipTo(9);
    expect(floor.sequence).toBe(5);
  });

  test.prop([fc.array(fc.nat(3), { minLength: 1, maxLength: 3_000 }), fc.infiniteStream(fc.nat())])('is always right below the oldest open message, however they settle', (counts, picks) => {
    const moved: number[] = [];
    const floor = floorAt(0, moved);
    const open = counts.flatMap((count, index) => {
      const slip = floor.enter(index + 1, index, count);
      return Array<typeof slip>(count).fill(slip);
    });
    while (open.length > 0) {
      const [slip] = open.splice((picks.next().value ?? 0) % open.length, 1);
      if (slip !== undefined) floor.settle(slip);
      const oldest = open.reduce((lowest, { sequence }) => Math.min(lowest, sequence), counts.length + 1);
      expect(floor.sequence).toBe(oldest - 1);
    }
    expect(moved).toEqual([...moved].sort((a, b) => a - b));
  }, 60_000);
});
