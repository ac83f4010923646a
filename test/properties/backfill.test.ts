import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { parseRule } from '../../src/core/language/parse/parse-rule.ts';
import { isForgettable } from '../../src/core/evaluation/partition/evaluate-partition.ts';
import type { AlertEnvelope } from '../../src/core/model/alert/alert.ts';
import type { PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import type { PartitionState } from '../../src/core/model/partition-set/partition-set-state.ts';
import type { AccumulatorState } from '../../src/core/model/partition-set/window-state.ts';
import type { PartitionEntry } from '../../src/core/partition-set/partition-index.ts';
import { isoTime } from '../../src/core/primitives/text/iso-time.ts';
import { asWindow, isWindow } from '../../src/core/windows/accumulators.ts';
import { contentOf, newestOf } from '../../src/core/windows/window-content.ts';
import { HALF_HOURS, SECONDS, START, streams, UPLOADS, type StreamShape } from './arbitrary/arbitrary-events.ts';
import { LATCHING_NUMBERS, ruleWithClear } from './arbitrary/rules/arbitrary-latch.ts';
import { ruleOfSchedule } from './arbitrary/rules/rule-of-schedule.ts';
import { ruleOfSteps } from './arbitrary/rules/rule-of-steps.ts';
import { ruleOverPartitions } from './arbitrary/rules/arbitrary-rule.ts';
import { playBackfill } from './play/play-backfill.ts';
import { runsOr, seeded } from './runs.ts';

const RUNS = runsOr(300);
const PATIENT_MS = 30 * RUNS + 120_000;
const QUIET_UNITS = 26;
const PARTITIONS = ['a', 'b', 'c'];

const KINDS: [name: string, rules: fc.Arbitrary<object>, shape: StreamShape][] = [
  ['any rule', ruleOverPartitions(), { ...SECONDS, length: 20, partitions: PARTITIONS }],
  ['a sequence', ruleOfSteps(), { ...SECONDS, length: 20, partitions: PARTITIONS }],
  ['a rule with clear', ruleWithClear(), { ...UPLOADS, length: 24, numbers: LATCHING_NUMBERS }],
  ['a rule with a schedule', ruleOfSchedule(START), { ...HALF_HOURS, length: 16, partitions: PARTITIONS }],
];

/** Everything that an alert says, but which episode of its alert it is. */
const withoutEpisode = ({ data }: AlertEnvelope) => ({ ...data, episode: 0 });

/** The state of a set, without how often its alerts have fired, and without the partitions that it keeps only for that. */
function knows(set: PartitionSet): unknown {
  const neverFired = ({ partition, isExpected }: PartitionEntry) => ({
    partition: { ...partition, ...(partition.alert !== undefined && { alert: { ...partition.alert, episode: 0 } }) },
    isExpected,
  });
  const kept = [...set.index.all()].filter((entry) => !isForgettable(set, neverFired(entry)));
  const partitions = Object.fromEntries(
    kept.map(({ key, partition }) => [key, { ...partition, stores: storesInTime(set, partition) }]),
  );
  const state = { ...set.state, partitions };
  return JSON.parse(JSON.stringify(state), (key, value: unknown) =>
    key === 'episode' || key === 'changes' ? 0 : value,
  );
}

/** The stores of a partition, without samples that have left: a window drops them when it is read, also for evidence. */
const storesInTime = ({ rule, state }: PartitionSet, { stores }: PartitionState): AccumulatorState[] =>
  stores.map((store, place) => {
    const slot = rule.slots[place];
    if (store === null || slot === undefined || !isWindow(slot)) return store;
    const window = asWindow(store);
    const { withinMs, last = Infinity } = slot;
    const { samples, before } = newestOf(contentOf(window, state.now, withinMs), last);
    const ahead = window.samples.filter(([timeMs]) => timeMs > state.now);
    return { ...window, samples: [...samples, ...ahead], before };
  });

describe.each(KINDS)('a rule with backfill, after it has begun: %s', (_name, rules, shape) => {
  it(
    'publishes what fires then, and later the same as a rule that was there before',
    () => {
      fc.assert(
        fc.property(rules, streams(shape), fc.double({ min: 0, max: 1, noNaN: true }), (definition, stream, part) => {
          const until = stream.end + QUIET_UNITS * shape.unit;
          const boundaryMs = Math.round(START + part * (stream.end - START));
          // What only latches is over: it is not published.
          const rule = parseRule({ ...definition, latch: undefined });
          const recording = { rule, start: START, until, arrivals: stream.arrivals };
          const { old, primed } = playBackfill(recording, boundaryMs);
          expect(
            primed.first.map(({ data: { partition, startsAt, severity } }) => ({ partition, startsAt, severity })),
          ).toEqual(old.fires);
          for (const { data } of primed.first)
            expect(data).toMatchObject({ status: 'firing', episode: 1, evaluatedAt: isoTime(old.clock) });
          expect(primed.later.map(withoutEpisode)).toEqual(old.later.map(withoutEpisode));
          expect(knows(primed.set)).toEqual(knows(old.set));
        }),
        { numRuns: RUNS, ...seeded },
      );
    },
    PATIENT_MS,
  );
});
