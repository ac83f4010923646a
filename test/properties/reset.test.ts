import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { parseRule } from '../../src/core/language/parse/parse-rule.ts';
import { SECONDS, START, streams, UPLOADS, HALF_HOURS, type StreamShape } from './arbitrary/arbitrary-events.ts';
import { LATCHING_NUMBERS, ruleWithClear } from './arbitrary/rules/arbitrary-latch.ts';
import { ruleOfSchedule } from './arbitrary/rules/rule-of-schedule.ts';
import { ruleOfSteps } from './arbitrary/rules/rule-of-steps.ts';
import { ruleOverPartitions } from './arbitrary/rules/arbitrary-rule.ts';
import { play, type Recording } from './play/play.ts';
import { playLoss } from './play/play-loss.ts';
import { playReset } from './play/play-reset.ts';
import { runsOr, seeded } from './runs.ts';

const RUNS = runsOr(300);
const PATIENT_MS = 30 * RUNS + 120_000;
const QUIET_UNITS = 26;
/** Those of the time that the stream covers are not published again. */
const PERIODIC: ReadonlySet<string> = new Set(['heartbeat', 'reminder', 'limit']);
const PARTITIONS = ['a', 'b', 'c'];

const KINDS: [name: string, rules: fc.Arbitrary<object>, shape: StreamShape][] = [
  ['any rule', ruleOverPartitions(), { ...SECONDS, length: 20, partitions: PARTITIONS }],
  ['a sequence', ruleOfSteps(), { ...SECONDS, length: 20, partitions: PARTITIONS }],
  ['a rule with clear', ruleWithClear(), { ...UPLOADS, length: 24, numbers: LATCHING_NUMBERS }],
  ['a rule with a schedule', ruleOfSchedule(START), { ...HALF_HOURS, length: 16, partitions: PARTITIONS }],
];

describe.each(KINDS)('a reset of a partition set that is as it should be: %s', (_name, rules, shape) => {
  it(
    'publishes nothing, and changes nothing that comes after it',
    () => {
      fc.assert(
        fc.property(rules, streams(shape), fc.nat(), fc.boolean(), (definition, { arrivals, end }, at, early) => {
          const until = end + QUIET_UNITS * shape.unit;
          const recording: Recording = { rule: parseRule(definition), start: START, until, arrivals };
          const reset = playReset(recording, { after: at % (arrivals.length + 1), early });
          expect(reset.corrections).toEqual([]);
          expect(reset.alerts).toEqual(play(recording).alerts);
        }),
        { numRuns: RUNS, ...seeded },
      );
    },
    PATIENT_MS,
  );
});

describe.each(KINDS)(
  'a partition set that loses its state, and finds its alerts on the stream: %s',
  (_name, rules, shape) => {
    it(
      'publishes exactly those that it had not published',
      () => {
        fc.assert(
          fc.property(rules, streams(shape), fc.nat(), (definition, { arrivals, end }, at) => {
            const until = end + QUIET_UNITS * shape.unit;
            const recording: Recording = { rule: parseRule(definition), start: START, until, arrivals };
            const { alerts } = play(recording);
            const published = alerts.slice(0, at % (alerts.length + 1));
            const isTransition = ({ data }: { data: { status: string } }) => !PERIODIC.has(data.status);
            expect([...published, ...playLoss(recording, published)].filter(isTransition)).toEqual(
              alerts.filter(isTransition),
            );
          }),
          { numRuns: RUNS, ...seeded },
        );
      },
      PATIENT_MS,
    );
  },
);
