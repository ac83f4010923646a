import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { parseRule } from '../../src/core/language/parse/parse-rule.ts';
import type { AlertEnvelope } from '../../src/core/model/alert/alert.ts';
import { HALF_HOURS, SECONDS, START, streams, UPLOADS, type StreamShape } from './arbitrary/arbitrary-events.ts';
import { LATCHING_NUMBERS, ruleWithClear } from './arbitrary/rules/arbitrary-latch.ts';
import { ruleOfSchedule } from './arbitrary/rules/rule-of-schedule.ts';
import { ruleOfSteps } from './arbitrary/rules/rule-of-steps.ts';
import { ruleOverPartitions } from './arbitrary/rules/arbitrary-rule.ts';
import { play, type Recording } from './play/play.ts';
import { playPaused } from './play/play-paused.ts';
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

/** Pauses and resumes: when, in thousandths of the recording, perhaps with an event; and how many events later the reader learns of it. */
const turns = fc.array(
  fc.record({ part: fc.nat(999), withEvent: fc.boolean(), lag: fc.integer({ min: -4, max: 4 }) }),
  { minLength: 2, maxLength: 4 },
);

/** The version that evaluated it aside. */
const published = (alerts: readonly AlertEnvelope[]) =>
  alerts.map(({ data: { ruleVersion: _version, ...data }, ...envelope }) => ({ ...envelope, data }));

describe.each(KINDS)('a rule that is paused and resumed, wherever its reader is: %s', (_name, rules, shape) => {
  it(
    'has the alerts of a rule that never was',
    () => {
      fc.assert(
        fc.property(rules, streams(shape), turns, (definition, { arrivals, end }, drawn) => {
          const until = end + QUIET_UNITS * shape.unit;
          // A pause is a time of the stream, whose clock does not jump back here.
          let newest = START;
          const inOrder = arrivals.map((each) => ({ ...each, at: (newest = Math.max(newest, each.at)) }));
          const recording: Recording = { rule: parseRule(definition), start: START, until, arrivals: inOrder };
          const moments = drawn.map(({ part, withEvent, lag }) => {
            const event = withEvent ? inOrder[Math.floor((inOrder.length * part) / 1_000)] : undefined;
            return { atMs: event?.at ?? START + Math.floor(((until - START) * part) / 1_000), lag };
          });
          // As many resumes as pauses.
          const whole = moments.slice(moments.length % 2).sort((a, b) => a.atMs - b.atMs);
          expect(published(playPaused(recording, whole))).toEqual(published(play(recording).alerts));
        }),
        { numRuns: RUNS, ...seeded },
      );
    },
    PATIENT_MS,
  );
});
