import { fc } from '@fast-check/vitest';
import { describe, it } from 'vitest';
import { parseRule } from '../../src/core/parse-rule.ts';
import { reference } from '../reference/reference.ts';
import { SECONDS, START, streams } from './arbitrary-events.ts';
import { ruleOverPartitions } from './arbitrary-rule.ts';
import { isExcluded } from './known-disagreements.ts';
import { inOrder, play, transitionOf } from './play.ts';
import { show } from './show.ts';
import { isDeepStrictEqual } from 'node:util';

const RUNS = Number(process.env['RUNS'] ?? 2000);
const QUIET_UNITS = 20;

const interruptions = fc.array(fc.record({ advance: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }), restore: fc.boolean() }), { maxLength: 15 });

describe('the core and the reference say the same', () => {
  it('of rules over partitions', () => {
    fc.assert(
      fc.property(ruleOverPartitions(), streams(SECONDS), interruptions, (definition, { arrivals, end }, between) => {
        const rule = parseRule(definition);
        const recording = { rule, start: START, until: end + QUIET_UNITS * SECONDS.unit, arrivals };
        fc.pre(!isExcluded(recording));
        const expected = inOrder(reference({ ...recording, unit: SECONDS.unit }));
        const got = inOrder(play(recording, between).alerts.map(transitionOf));
        if (!isDeepStrictEqual(got, expected)) throw new Error(show(recording, between, expected, got));
      }),
      { numRuns: RUNS },
    );
  }, 120000);
});
