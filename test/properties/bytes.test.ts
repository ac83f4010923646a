import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { jsonBytes } from '../../src/core/primitives/text/bytes.ts';
import { describeSet } from '../../src/core/language/describe.ts';
import { ALERT_BYTES_MAX } from '../../src/core/alerts/envelope.ts';
import { act } from '../../src/core/evaluation/actions/act.ts';
import type { AlertAction } from '../../src/core/model/alert/operator-action.ts';
import { toEvent } from '../../src/core/model/event/event.ts';
import { LIMITS } from '../../src/core/primitives/limits.ts';
import { parseRule } from '../../src/core/language/parse/parse-rule.ts';
import { projectedEventBytes, projectEvent } from '../../src/core/matching/projection.ts';
import { matchRule } from '../../src/core/matching/rule-index.ts';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import {
  advanceTo,
  applyEvent,
  openPartitionSet,
  resumePartitionSet,
  takeAlerts,
} from '../../src/core/evaluation/evaluate.ts';
import { NUMBERS_OF_ALL_SIZES, SECONDS, START, streams } from './arbitrary/arbitrary-events.ts';
import {
  filled,
  hostileShapes,
  keyName,
  KINDS,
  leafName,
  validRule,
  type HostileShape,
  type Kind,
} from './arbitrary/arbitrary-hostile.ts';
import { ruleOfNumbers } from './arbitrary/rules/rule-of-numbers.ts';
import { ruleOfSteps } from './arbitrary/rules/rule-of-steps.ts';
import { ruleOverPartitions } from './arbitrary/rules/arbitrary-rule.ts';
import { ruleOfElements } from './arbitrary/rules/rule-of-elements.ts';
import { nextRunOf } from '../support/evaluation/next-run.ts';
import { play } from './play/play.ts';

const STATE_BYTES_MAX = 1_000_000;
const SUMMARY_BYTES_MAX = 16_384;
/** Values, and the names of all properties that a rule can have. */
const SET_EVENT_BYTES_MAX = LIMITS.eventBytes + LIMITS.ruleBytes;
const LONGEST_NUMBER = -1.2345678901234567e-100;
/** Reminder interval of a firing alert. */
const REPEAT_MS = 3_600_000;
const TIMEOUT_MS = 120_000;
/** How much a test sends: events, each with a value for each leaf. */
const EVENTS_OF_LEAVES = 24_000;
/** How much less than its JSON a partition may weigh. */
const LESS = 1.1;

/** A partition set that receives the events of `dataOf`, and whose alerts and events are checked. */
function hostileSet(rule: Rule) {
  let sequence = 0;
  let now = START;
  const stored = { rule, version: 1, storedAtMs: START };
  let set: ReturnType<typeof openPartitionSet> | undefined;
  const largest = { alert: 0, event: 0 };
  const collect = (): void => {
    for (const alert of set === undefined ? [] : takeAlerts(set))
      largest.alert = Math.max(largest.alert, jsonBytes(alert));
  };
  return {
    largest,
    /** Acts on the alert of the set, or of this partition, with the largest input that is allowed. */
    act(name: AlertAction, partition?: Record<string, string>): void {
      const [by, note] = ['\u0001'.repeat(LIMITS.actorLength), '\u0001'.repeat(LIMITS.noteLength)];
      const until = now + LIMITS.longestSnoozeMs;
      if (set === undefined) throw new Error('an event is expected first');
      act(set, { name, by, note, ...(name === 'snooze' && { until }), ...(partition && { partition }) }, now);
      collect();
    },
    get set() {
      if (set === undefined) throw new Error('an event is expected first');
      return set;
    },
    send(data: Record<string, unknown>, apartMs = 1): void {
      now += apartMs;
      const event = toEvent({
        subject: `events.${rule.clientId}.status`,
        payload: data,
        sequence: ++sequence,
        storedAtMs: now,
      });
      set ??= openPartitionSet({ rule, ruleVersion: 1, group: [], atMs: START });
      const match = matchRule({ rule: set.rule, stored }, event);
      if (match === undefined) throw new Error('an event of the rule is expected');
      set.state.group = match.group;
      const own = projectEvent(set.rule, event);
      const bytes = projectedEventBytes(set.rule, own);
      // An expectation costs more than the whole event.
      if (jsonBytes(own) > bytes) expect(jsonBytes(own)).toBeLessThanOrEqual(bytes);
      largest.event = Math.max(largest.event, bytes);
      applyEvent(set, own);
      collect();
    },
    restore(): void {
      if (set !== undefined) set = resumePartitionSet(rule, nextRunOf(set.state));
    },
    advance(ms: number): void {
      now += ms;
      if (set !== undefined) advanceTo(set, now);
      collect();
    },
  };
}

/** The partition, with values small or as large as possible. */
function eventOf(shape: HostileShape, partition: number, isLarge: boolean, turn: number): Record<string, unknown> {
  const { filling, kind, leaves, keys, keyLength } = shape;
  const wantsNumbers = kind === 'avg' || kind === 'short' || kind === 'last';
  const value = (index: number): unknown => {
    if (wantsNumbers) return isLarge ? LONGEST_NUMBER * (turn + 1) : turn % 9;
    if (kind === 'elements' && isLarge)
      return Array.from({ length: 50 }, (_, element) => filled(`${turn}.${index}.${element}`, filling, 100));
    if (kind === 'elements') return ['s'];
    return isLarge ? filled(`${turn}.${index}`, filling, 1_024) : 's';
  };
  return {
    ...Object.fromEntries(
      Array.from({ length: keys }, (_, index) => [keyName(index, shape), filled(`${partition}`, filling, keyLength)]),
    ),
    ...Object.fromEntries(Array.from({ length: leaves }, (_, index) => [leafName(index, shape), value(index)])),
  };
}

/** Fills a set with as many partitions as fit while they are small, and then lets each of them grow. */
function attack(shape: HostileShape, rule: Rule): void {
  const hostile = hostileSet(rule);
  const { largest } = hostile;
  let partitions = 0;
  const isWorth = (): boolean => partitions === 0 || (hostile.set.state.counters.overflow === 0 && partitions < 3_000);
  while (isWorth()) hostile.send(eventOf(shape, partitions++, false, 0));
  const check = (): void => {
    expect(jsonBytes(hostile.set.state), 'the state').toBeLessThanOrEqual(STATE_BYTES_MAX);
    expect(jsonBytes(describeSet(hostile.set)), 'the summary').toBeLessThanOrEqual(SUMMARY_BYTES_MAX);
  };
  check();
  const events = EVENTS_OF_LEAVES / shape.leaves;
  // Few enough that each of them grows.
  const growing = Math.min(partitions, Math.max(100, events / 16));
  for (let turn = 1; turn <= events; turn++) {
    hostile.send(eventOf(shape, turn % growing, true, turn));
    if (turn % 4_000 === 200) hostile.restore();
  }
  check();
  hostile.advance(REPEAT_MS);
  expect(largest.alert, 'an alert').toBeLessThanOrEqual(ALERT_BYTES_MAX);
  expect(largest.event, 'an event').toBeLessThanOrEqual(SET_EVENT_BYTES_MAX);
}

function ruleOf(shape: HostileShape): Rule {
  const rule = validRule(shape);
  if (rule === undefined) throw new Error('a valid rule is expected');
  return rule;
}

const worst: HostileShape = {
  filling: '\u0001',
  kind: 'latest',
  type: 'any',
  leaves: 8,
  keys: 8,
  nameLength: 256,
  keyLength: 256,
};

describe('whatever rule validation accepts, and whatever arrives, bytes stay within bounds', () => {
  it.each([...(Object.keys(KINDS) as Kind[]), 'sequence' as const])(
    'with small keys and 60 conditions of %s',
    (kind) => {
      const shape: HostileShape = { ...worst, kind, leaves: 60, keys: 1, nameLength: 4, keyLength: 8 };
      attack(shape, ruleOf(shape));
    },
    TIMEOUT_MS,
  );

  it.each([...(Object.keys(KINDS) as Kind[]), 'sequence' as const])(
    'with one condition of %s for each of very many partitions',
    (kind) => {
      const shape: HostileShape = {
        ...worst,
        filling: '温',
        kind,
        type: 'each',
        leaves: 1,
        keys: 1,
        nameLength: 4,
        keyLength: 8,
      };
      attack(shape, ruleOf(shape));
    },
    TIMEOUT_MS,
  );

  it(
    'of any shape',
    () => {
      fc.assert(
        fc.property(hostileShapes, (shape) => {
          const rule = validRule(shape);
          if (rule !== undefined) attack(shape, rule);
        }),
        { numRuns: 5 },
      );
    },
    TIMEOUT_MS,
  );

  it('with the largest possible alert', () => {
    const sizes = (['any', 'each'] as const).map((type) => {
      const shape: HostileShape = { ...worst, type };
      const hostile = hostileSet(ruleOf(shape));
      hostile.send(eventOf(shape, 0, true, 0));
      const [first] = [...hostile.set.index.all()];
      const key = Object.fromEntries(
        Array.from({ length: shape.keys }, (_, index) => [
          keyName(index, shape),
          first?.partition.key[index] as string,
        ]),
      );
      for (const name of ['acknowledge', 'snooze'] as const) hostile.act(name, type === 'each' ? key : undefined);
      for (let partition = 1; partition < 25; partition++) hostile.send(eventOf(shape, partition, true, partition));
      // With the evidence of all partitions.
      if (type === 'any') hostile.act('snooze');
      return hostile.largest.alert;
    });
    expect(Math.max(...sizes)).toBeLessThanOrEqual(ALERT_BYTES_MAX);
    expect(Math.max(...sizes)).toBeGreaterThan(0.9 * ALERT_BYTES_MAX);
  });
});

describe('the weight of a partition', () => {
  const rules = fc.oneof(ruleOverPartitions(), ruleOfSteps(), ruleOfNumbers(), ruleOfElements());
  const anyStream = fc.oneof(streams(SECONDS), streams({ ...SECONDS, length: 40, numbers: NUMBERS_OF_ALL_SIZES }));

  it(
    'is hardly less than its JSON, for any rule and stream',
    () => {
      fc.assert(
        fc.property(rules, anyStream, (definition, { arrivals, end }) => {
          const rule = parseRule(definition);
          play({ rule, start: START, until: end, arrivals }, [], (state) => {
            const { weight } = resumePartitionSet(rule, structuredClone(state));
            expect(jsonBytes(state.partitions)).toBeLessThanOrEqual(LESS * weight + 2);
          });
        }),
        { numRuns: 60 },
      );
    },
    TIMEOUT_MS,
  );
});
