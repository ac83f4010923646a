import { isDeepStrictEqual } from 'node:util';
import { fc } from '@fast-check/vitest';
import { LATCHING_NUMBERS, ruleWithClear } from './arbitrary/rules/arbitrary-latch.ts';
import { describe, it } from 'vitest';
import { parseRule } from '../../src/core/language/parse/parse-rule.ts';
import { reference } from '../reference/reference.ts';
import {
  CLOCK_CHANGES,
  HALF_HOUR_UPLOADS,
  HALF_HOURS,
  LONG_IDS,
  NUMBERS_OF_ALL_SIZES,
  SECONDS,
  START,
  streams,
  UPLOADS,
  type StreamShape,
} from './arbitrary/arbitrary-events.ts';
import { MILLISECONDS, ruleOfHeldValues } from './arbitrary/rules/held-rules.ts';
import { ruleOfFlapping, ruleOfNumbers } from './arbitrary/rules/rule-of-numbers.ts';
import { ruleOfLongIds, ruleOfValues, ruleOverPartitions } from './arbitrary/rules/arbitrary-rule.ts';
import { ruleOfSchedule } from './arbitrary/rules/rule-of-schedule.ts';
import { ruleOfSteps } from './arbitrary/rules/rule-of-steps.ts';
import { ruleOfElements } from './arbitrary/rules/rule-of-elements.ts';
import { interruptions } from './arbitrary/arbitrary-interruptions.ts';
import { inOrder, play, transitionOf } from './play/play.ts';
import { runsOr, seeded } from './runs.ts';
import { show } from './show.ts';

const RUNS = runsOr(1200);
const TIMEOUT_MS = 30 * RUNS + 60_000;

/** How long after the last event: as long as any chain of a rule's durations may take. */
const QUIET_UNITS = 26;

function agree(rules: fc.Arbitrary<object>, shape: StreamShape, runs: number): void {
  const { start = START, unit } = shape;
  fc.assert(
    fc.property(rules, streams(shape), interruptions, (definition, { arrivals, end }, between) => {
      const recording = { rule: parseRule(definition), start, until: end + QUIET_UNITS * unit, arrivals };
      const expected = inOrder(reference({ ...recording, unit }));
      const got = inOrder(play(recording, between).alerts.map(transitionOf));
      if (!isDeepStrictEqual(got, expected)) throw new Error(show(recording, between, expected, got));
    }),
    { numRuns: Math.ceil(runs), ...seeded },
  );
}

describe('the core matches the reference', () => {
  it('for rules over partitions', () => agree(ruleOverPartitions(), SECONDS, RUNS), TIMEOUT_MS);

  it('for ids of many digits', () => agree(ruleOfLongIds(), LONG_IDS, RUNS / 2), TIMEOUT_MS);

  it(
    'for numbers of all sizes',
    () =>
      agree(
        ruleOfNumbers(),
        {
          ...SECONDS,
          length: 40,
          partitions: ['a', 'a', 'a', 'a', 'b'],
          gaps: [0, 0, 1, 1, 1, 2, 4, 12, -2],
          numbers: NUMBERS_OF_ALL_SIZES,
        },
        RUNS / 2,
      ),
    TIMEOUT_MS,
  );

  it(
    'for rules with clear',
    () => agree(ruleWithClear(), { ...SECONDS, length: 24, numbers: LATCHING_NUMBERS }, RUNS / 2),
    TIMEOUT_MS,
  );

  it('for elements of lists', () => agree(ruleOfElements(), { ...SECONDS, length: 20 }, RUNS), TIMEOUT_MS);

  it('for values across partitions', () => agree(ruleOfValues(), SECONDS, RUNS), TIMEOUT_MS);

  it(
    'for values of all sizes across partitions',
    () => agree(ruleOfValues(), { ...SECONDS, length: 20, numbers: NUMBERS_OF_ALL_SIZES }, RUNS / 4),
    TIMEOUT_MS,
  );
  it('for values that hold, to the millisecond', () => agree(ruleOfHeldValues(), MILLISECONDS, RUNS / 2), TIMEOUT_MS);
  it('for uploads', () => agree(fc.oneof(ruleOverPartitions(), ruleOfSteps()), UPLOADS, RUNS), TIMEOUT_MS);

  it('for sequences', () => agree(ruleOfSteps(), { ...SECONDS, length: 20 }, RUNS), TIMEOUT_MS);

  it(
    'for flapping',
    () => agree(ruleOfFlapping(), { ...SECONDS, length: 40, partitions: ['a', 'a', 'a', 'a', 'b'] }, RUNS / 10),
    TIMEOUT_MS,
  );

  it('for schedules and uploads', () => agree(ruleOfSchedule(START), HALF_HOUR_UPLOADS, RUNS / 2), TIMEOUT_MS);

  it.each(CLOCK_CHANGES)(
    'for schedules, around %d',
    (start) => agree(ruleOfSchedule(start), { ...HALF_HOURS, start }, RUNS / 15),
    TIMEOUT_MS,
  );
});
