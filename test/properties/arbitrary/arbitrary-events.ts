import fc from 'fast-check';
import type { Arrival } from '../../reference/model.ts';

export const START = Date.UTC(2026, 0, 1);

export interface Stream {
  arrivals: Arrival[];
  /** The latest arrival. */
  end: number;
}

export interface StreamShape {
  start?: number;
  unit: number;
  /** Maximum number of events. */
  length: number;
  partitions: readonly (string | number | bigint)[];
  /** Whole units between arrivals; negative if the stream's clock jumps back. */
  gaps: readonly number[];
  /** Whole units by which the event time is before the arrival; negative: ahead of it. */
  lateness?: readonly number[];
  /** Values of `t`; default: small integers. */
  numbers?: fc.Arbitrary<number | bigint>;
}

const SMALL = fc.integer({ min: 0, max: 2 });
const SMALL_NUMBERS = fc.integer({ min: -1, max: 4 });

/** Neighbours of which a double keeps only some, and numbers that print otherwise than they are. */
export const LONG: readonly (number | bigint)[] = [
  ...[9007199254740991, 9007199254740992, 9007199254740993n, 9007199254740994, -9007199254740993n],
  ...[2 ** 63, 9223372036854775807n, 9223372036854775808n, 10n ** 30n, 1e30],
];

/** Numbers whose sums show rounding errors. */
export const NUMBERS_OF_ALL_SIZES = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0.1, 0.2, 0.3, 0.7, -0.1, -0.3) },
  { weight: 2, arbitrary: SMALL_NUMBERS },
  { weight: 2, arbitrary: fc.constantFrom(1e16, -1e16, 1e-9, -1e-9, 1e16 + 2) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, -Number.MIN_VALUE, 1e300, 1e-300),
  },
);

/** Whole units by which the event time is before the arrival; negative: ahead of it. */
const LATENESS = [0, 0, 0, 0, 0, 0, 1, 2, 3, 7, -1, -2];

/** Which earlier arrival is repeated: the last, or the one before; mostly none. */
const REPEATS = [-1, -1, -1, -1, -1, -1, -1, 0, 1];

/** Lists of values and of objects that may have lists again, and what is no list. */
function lists(numbers: fc.Arbitrary<number | bigint>): fc.Arbitrary<unknown> {
  const scalar = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<unknown>('on', 'off', 'idle', 'ON') },
    { weight: 3, arbitrary: numbers },
    fc.constantFrom<unknown>(null, true, '2', ' -1 ', ...LONG),
  );
  const inner = fc.record({ v: scalar, w: fc.array(scalar, { maxLength: 2 }) }, { requiredKeys: [] });
  return fc.oneof(
    { weight: 8, arbitrary: fc.array(fc.oneof({ weight: 3, arbitrary: scalar }, inner), { maxLength: 3 }) },
    scalar,
    inner,
  );
}

/** Events as a stream stores them: late, repeated, at equal times, slightly in the future, with jumps of the clock. */
export function streams({
  start = START,
  unit,
  length,
  partitions,
  gaps,
  lateness = LATENESS,
  numbers = SMALL_NUMBERS,
}: StreamShape): fc.Arbitrary<Stream> {
  const data = fc.record(
    {
      m: fc.constantFrom(...partitions),
      s: fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom('on', 'off', 'idle', 'on', 'off', 'On', 'OFF') },
        fc.constantFrom<unknown>(null, 3, true, { on: 1 }),
      ),
      t: fc.oneof(
        { weight: 6, arbitrary: numbers },
        {
          weight: 2,
          arbitrary: fc.constantFrom<unknown>('on', null, '2', ' -1 ', '30e-1', '0x1', '9007199254740993', ...LONG),
        },
      ),
      l: lists(numbers),
      n: fc.record({ v: SMALL, 'v.w': SMALL, list: fc.array(SMALL, { maxLength: 2 }) }, { requiredKeys: ['v'] }),
    },
    { requiredKeys: [] },
  );
  const move = fc.record({
    gap: fc.constantFrom(...gaps),
    late: fc.constantFrom(...lateness),
    data,
    repeats: fc.constantFrom(...REPEATS),
  });
  return fc.array(move, { minLength: 1, maxLength: length }).map((moves) => {
    const arrivals: Arrival[] = [];
    let now = start;
    for (const { gap, late, data: properties, repeats } of moves) {
      const earlier = repeats < 0 ? undefined : arrivals.at(-1 - repeats);
      if (earlier !== undefined) {
        arrivals.push(earlier);
        continue;
      }
      const at = Math.max(start, now + gap * unit);
      now = Math.max(now, at);
      const ahead = late < 0 && unit * -late > FUTURE_TOLERANCE_MS;
      arrivals.push({
        sequence: arrivals.length + 1,
        at,
        time: ahead ? at : at - late * unit,
        data: { type: 'status', ...properties },
      });
    }
    return { arrivals, end: now };
  });
}

const FUTURE_TOLERANCE_MS = 5 * 60_000;

export const SECONDS: StreamShape = {
  unit: 1000,
  length: 14,
  partitions: ['a', 'a', 'a', 'b', 'b', 'c'],
  gaps: [0, 0, 0, 1, 1, 1, 2, 3, 5, 12, -2],
};

/** Events of long ago that arrive together. */
export const UPLOADS: StreamShape = {
  unit: 1000,
  length: 14,
  partitions: ['a', 'a', 'a', 'b'],
  gaps: [0, 0, 0, 0, 0, 1, 2, 12],
  lateness: [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 4, 0],
};

/** The same for schedules. */
export const HALF_HOUR_UPLOADS: StreamShape = {
  unit: 1_800_000,
  length: 16,
  partitions: ['a', 'a', 'a', 'b', 'c'],
  gaps: [0, 0, 0, 0, 1, 2, 12],
  lateness: [15, 12, 9, 6, 4, 2, 1, 0, 0, 0],
};

/** Around clock changes in several places. */
export const CLOCK_CHANGES = [
  Date.UTC(2026, 2, 8),
  Date.UTC(2026, 2, 28, 12),
  Date.UTC(2026, 3, 4),
  Date.UTC(2026, 8, 5),
  Date.UTC(2026, 9, 3, 12),
  Date.UTC(2026, 9, 24, 12),
  Date.UTC(2026, 10, 1),
];

/** Ids that are numbers. */
export const LONG_IDS: StreamShape = { ...SECONDS, partitions: ['9007199254740993', ...LONG] };

export const HALF_HOURS: StreamShape = {
  unit: 1_800_000,
  length: 8,
  partitions: ['a', 'b'],
  gaps: [0, 1, 2, 4, 7, 13, 24, 31],
};
