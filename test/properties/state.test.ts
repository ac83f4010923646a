import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { AlertEnvelope } from '../../src/core/model/alert/alert.ts';
import { parseRule } from '../../src/core/language/parse/parse-rule.ts';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import { resumePartitionSet, advanceTo, takeAlerts } from '../../src/core/evaluation/evaluate.ts';
import { HALF_HOURS, SECONDS, START, streams, type Stream, type StreamShape } from './arbitrary/arbitrary-events.ts';
import { interruptions } from './arbitrary/arbitrary-interruptions.ts';
import { ruleOfSchedule } from './arbitrary/rules/rule-of-schedule.ts';
import { ruleOfSteps } from './arbitrary/rules/rule-of-steps.ts';
import { ruleOverPartitions } from './arbitrary/rules/arbitrary-rule.ts';
import { nextRunOf } from '../support/evaluation/next-run.ts';
import { play, type Interruption, type Recording } from './play/play.ts';
import type { Arrival } from '../reference/model.ts';

const RUNS = 300;
const QUIET_UNITS = 26;
const PATIENT_MS = 60_000;

interface Case {
  definition: object;
  stream: Stream;
  unit: number;
}

/** A rule, with a stream that suits its durations. */
const casesOf = (rules: fc.Arbitrary<object>, shape: StreamShape): fc.Arbitrary<Case> =>
  fc.record({ definition: rules, stream: streams(shape), unit: fc.constant(shape.unit) });

const cases = fc.oneof(
  { weight: 6, arbitrary: casesOf(ruleOverPartitions(), SECONDS) },
  { weight: 2, arbitrary: casesOf(ruleOfSteps(), SECONDS) },
  { weight: 2, arbitrary: casesOf(ruleOfSchedule(START), HALF_HOURS) },
);

/** Any rule with any stream. */
const always = (says: (recording: Recording, between: Interruption[]) => void): void =>
  fc.assert(
    fc.property(cases, interruptions, ({ definition, stream: { arrivals, end }, unit }, between) =>
      says({ rule: parseRule(definition), start: START, until: end + QUIET_UNITS * unit, arrivals }, between),
    ),
    { numRuns: RUNS },
  );

const hasOwnAlerts = ({ evaluate }: Rule): boolean => evaluate.type === 'each' || evaluate.type === 'sequence';
const json = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** The alerts, grouped by identity. */
function byAlert(alerts: readonly AlertEnvelope[]): AlertEnvelope['data'][][] {
  const lists = new Map<string, AlertEnvelope['data'][]>();
  for (const { data } of alerts) {
    const key = JSON.stringify(data.partition);
    lists.set(key, [...(lists.get(key) ?? []), data]);
  }
  return [...lists.values()];
}

/** After each event, all events until then once more; the interruptions stay before the events that they were before. */
function repeated(arrivals: readonly Arrival[], between: readonly Interruption[]) {
  const none: Interruption = { restore: false };
  return {
    arrivals: arrivals.flatMap((arrival, index) => [arrival, ...arrivals.slice(0, index + 1)]),
    atTheSamePlaces: [
      ...arrivals.flatMap((_, index) => [between[index] ?? none, ...arrivals.slice(0, index + 1).map(() => none)]),
      between[arrivals.length] ?? none,
    ],
  };
}

describe('the state of a partition set', { timeout: PATIENT_MS }, () => {
  it('is plain JSON at every step', () =>
    always((recording, between) => {
      play(recording, between, (state) => {
        expect(json(state)).toEqual(state);
      });
    }));

  it('is the same after it was packed for the next run, at every step', () =>
    always((recording, between) => {
      play(recording, between, (state) => {
        expect(nextRunOf(state)).toStrictEqual(json(state));
      });
    }));

  it('has no more partitions than the events and `expect` name', () =>
    always((recording, between) => {
      const named = new Set(recording.arrivals.map(({ data }) => data['m']));
      const { state } = play(recording, between);
      expect(Object.keys(state.partitions).length).toBeLessThanOrEqual(
        named.size + (recording.rule.expect?.length ?? 0),
      );
    }));

  it('does not change when the same events are repeated', () =>
    always((recording, between) => {
      const once = play(recording, between);
      const { arrivals, atTheSamePlaces } = repeated(recording.arrivals, between);
      // Interrupted at other places, windows may still hold samples that do not count any more.
      const twice = play({ ...recording, arrivals }, atTheSamePlaces);
      expect({ ...twice.state, counters: 0 }).toEqual({ ...once.state, counters: 0 });
      for (const { alerts } of [twice, play({ ...recording, arrivals })])
        expect(alerts.map(({ id }) => id)).toEqual(once.alerts.map(({ id }) => id));
    }));

  it('does not change when a past moment is repeated', () =>
    always((recording, between) => {
      const { state } = play(recording, between);
      const set = resumePartitionSet(recording.rule, json(state));
      advanceTo(set, recording.until);
      advanceTo(set, START);
      expect(takeAlerts(set)).toEqual([]);
      expect(set.state).toEqual(state);
    }));

  it('is the same in one step or in many', () =>
    always(({ rule, arrivals, until }, between) => {
      const { state } = play({ rule, arrivals, start: START, until: Math.max(START, ...arrivals.map(({ at }) => at)) });
      const [once, often] = [resumePartitionSet(rule, json(state)), resumePartitionSet(rule, json(state))];
      advanceTo(once, until);
      for (const part of between.map(({ advance }) => advance ?? 0).sort((a, b) => a - b)) {
        advanceTo(often, state.now + Math.floor(((until - state.now) * part) / 100));
      }
      advanceTo(often, until);
      expect(takeAlerts(often)).toEqual(takeAlerts(once));
      expect(often.state).toEqual(once.state);
    }));
});

describe('the alerts of a partition set', { timeout: PATIENT_MS }, () => {
  it('have unique ids', () =>
    always((recording, between) => {
      const ids = play(recording, between).alerts.map(({ id }) => id);
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    }));

  it('never go back in time', () =>
    always((recording, between) => {
      const times = play(recording, between).alerts.map(({ data }) => data.evaluatedAt);
      expect(times).toEqual([...times].sort());
    }));

  it('fire and resolve in turn, in episodes 1, 2, 3…', () =>
    always((recording, between) => {
      for (const list of byAlert(play(recording, between).alerts)) {
        const turns = list
          .filter(({ status }) => status === 'firing' || status === 'resolved')
          .map(({ status, episode }) => `${episode} ${status}`);
        expect(turns).toEqual(
          turns.map((_, index) => `${Math.floor(index / 2) + 1} ${index % 2 === 0 ? 'firing' : 'resolved'}`),
        );
      }
    }));

  it('have no other transition of an episode before it starts, or after it ends', () =>
    always((recording, between) => {
      for (const list of byAlert(play(recording, between).alerts)) {
        let firing = false;
        for (const { status, state, partition } of list) {
          if (status === 'severity' || status === 'reminder') expect(firing).toBe(true);
          if (status === 'firing' || status === 'resolved') firing = status === 'firing';
          expect(state === 'firing').toBe(firing);
          expect(Object.keys(partition)).toEqual(
            hasOwnAlerts(recording.rule) ? (recording.rule.partitionBy ?? []) : [],
          );
        }
      }
    }));

  it('end no sooner than they start, and start no sooner than the previous episode ends, unless a schedule ends it', () =>
    always((recording, between) => {
      for (const list of byAlert(play(recording, between).alerts)) {
        const episodes = list.filter(({ status }) => status === 'resolved');
        const moments = episodes.flatMap(({ startsAt, endsAt }, index) => {
          const previous = episodes[index - 1];
          // The condition outlasts the episode, and the next one has the same start.
          const continues = previous?.reason === 'schedule' && previous.startsAt === startsAt;
          return continues ? [endsAt] : [startsAt, endsAt];
        });
        expect(moments).toEqual([...moments].sort());
      }
    }));

  it('have at most 20 evidence items, and the total', () =>
    always((recording, between) => {
      for (const { data } of play(recording, between).alerts) {
        expect(data.evidence.items.length).toBeLessThanOrEqual(Math.min(20, data.evidence.total));
      }
    }));
});
