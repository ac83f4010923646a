import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { AlertEnvelope } from '../../src/core/model/alert/alert.ts';
import { toEvent } from '../../src/core/model/event/event.ts';
import { parseJson } from '../../src/core/primitives/text/parse-json.ts';
import { scalarText } from '../../src/core/primitives/value.ts';
import { writeJson } from '../../src/core/primitives/text/write-json.ts';
import { parseRule } from '../../src/core/language/parse/parse-rule.ts';
import { Groups } from '../../src/core/matching/groups.ts';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import { Player, storedAt } from '../../src/offline/player.ts';
import { SECONDS, START, streams } from '../properties/arbitrary/arbitrary-events.ts';
import { allowed, ruleOverPartitions } from '../properties/arbitrary/rules/arbitrary-rule.ts';
import { bySet } from '../../bench/soak/stored-events.ts';
import { alertsOffline } from '../support/load/offline.ts';

const SECOND_MS = 1000;
/** Generous time limit for many runs on a slow machine. */
const LONG_MS = 60_000;

interface Sent {
  /** Seconds from the start. */
  at: number;
  clientId?: string;
  data: Record<string, unknown>;
}

/** Plays events of type `status`, then the clock until `until`; times are seconds from the start. */
function play(definitions: object[], sent: Sent[], until: number): AlertEnvelope[] {
  const alerts: AlertEnvelope[] = [];
  const player = new Player(storedAt(START, definitions.map(parseRule)), (alert) => alerts.push(alert));
  sent.forEach(({ at, clientId = 'c', data }, index) => {
    player.play(
      toEvent({
        subject: `events.${clientId}.status`,
        payload: data,
        sequence: index + 1,
        storedAtMs: START + at * SECOND_MS,
      }),
    );
  });
  player.finish(START + until * SECOND_MS);
  return alerts;
}

const brief = (alerts: AlertEnvelope[]): string[] =>
  alerts.map(({ data }) => {
    const place = Object.values({ ...data.group, ...data.partition }).map((value) => ` ${scalarText(value)}`);
    return `${(Date.parse(data.evaluatedAt) - START) / SECOND_MS} ${data.ruleId}${place.join('')} ${data.status}`;
  });

const stopped = {
  id: 'stopped',
  clientId: 'c',
  where: [{ property: 'type', equals: 'status' }],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
};

describe('the player', () => {
  it('handles deadlines of all sets in time order, between events and after the last', () => {
    const rules = [60, 30, 45].map((seconds) => ({ ...stopped, id: `for-${seconds}`, for: `${seconds}s` }));
    const alerts = play(
      rules,
      [
        { at: 0, data: { state: 'stopped' } },
        { at: 40, data: { machine: 'any' } },
      ],
      100,
    );
    expect(brief(alerts)).toEqual(['30 for-30 firing', '45 for-45 firing', '60 for-60 firing']);
  });

  it('applies an event that arrives at the time of a deadline first', () => {
    const alerts = play(
      [{ ...stopped, for: '1m' }],
      [
        { at: 0, data: { state: 'stopped' } },
        { at: 60, data: { state: 'running' } },
      ],
      100,
    );
    expect(alerts).toEqual([]);
  });

  it('drops events of groups that the rule has no room for, and reports it once an hour', () => {
    const alerts: AlertEnvelope[] = [];
    const player = new Player(
      storedAt(START, [parseRule({ ...stopped, groupBy: ['site'] })]),
      (alert) => alerts.push(alert),
      new Groups(2),
    );
    const hours = [0, 0.1, 0.2, 0.3, 2];
    hours.forEach((hour, index) =>
      player.play(
        toEvent({
          subject: 'events.c.status',
          payload: { site: index, state: 'stopped' },
          sequence: index + 1,
          storedAtMs: START + hour * 3_600 * SECOND_MS,
        }),
      ),
    );
    expect(brief(alerts)).toEqual([
      '0 stopped 0 firing',
      '360 stopped 1 firing',
      '720 stopped 0 limit',
      '7200 stopped 0 limit',
    ]);
  });

  it('applies all events of a moment before a deadline that a late one of them misses', () => {
    const late = { state: 'stopped', time: START };
    const alerts = play(
      [{ ...stopped, for: '1m' }],
      [
        { at: 90, data: late },
        { at: 90, data: { state: 'running' } },
      ],
      200,
    );
    expect(alerts).toEqual([]);
    expect(brief(play([{ ...stopped, for: '1m' }], [{ at: 90, data: late }], 200))).toEqual(['90 stopped firing']);
  });

  it.each([
    [60, ['60 stopped firing']],
    [59, []],
  ])('until second %d includes what is due then', (until, expected) => {
    expect(brief(play([{ ...stopped, for: '1m' }], [{ at: 0, data: { state: 'stopped' } }], until))).toEqual(expected);
  });

  it('applies only events of the rule’s client', () => {
    const rules = [stopped, { ...stopped, clientId: 'other' }];
    const alerts = play(rules, [{ at: 1, clientId: 'other', data: { state: 'stopped' } }], 2);
    expect(alerts.map(({ data }) => data.clientId)).toEqual(['other']);
  });

  it('has one partition set per group, each from its first event on', () => {
    const alerts = play(
      [{ ...stopped, groupBy: ['site'], heartbeat: '1m' }],
      [
        { at: 10, data: { site: 'berlin', state: 'stopped' } },
        { at: 30, data: { site: 'oslo', state: 'running' } },
      ],
      95,
    );
    expect(brief(alerts)).toEqual([
      '10 stopped berlin firing',
      '70 stopped berlin heartbeat',
      '90 stopped oslo heartbeat',
    ]);
  });

  it('knows expected partitions from the start, without any event', () => {
    const silent = {
      ...stopped,
      partitionBy: ['machine'],
      expect: [{ machine: 'm1' }],
      noData: { after: '1m', then: 'alert' },
    };
    expect(brief(play([silent], [], 100))).toEqual(['60 stopped firing']);
    const grouped = {
      ...silent,
      groupBy: ['site'],
      expect: [{ machine: 'm1', site: 'berlin' }, { machine: 'm2', site: 'berlin' }, { machine: 'm1' }],
    };
    expect(brief(play([grouped], [], 100))).toEqual(['60 stopped berlin firing']);
  });

  it('ignores disabled rules', () => {
    expect(play([{ ...stopped, enabled: false }], [{ at: 0, data: { state: 'stopped' } }], 10)).toEqual([]);
  });
});

describe('for any rules and events', () => {
  const rules = fc
    .array(fc.tuple(ruleOverPartitions(), fc.boolean()), { minLength: 1, maxLength: 4 })
    .map((definitions) =>
      definitions.map(([definition, isGrouped], index): Rule => {
        const grouped = isGrouped ? { groupBy: ['s'], expect: undefined } : {};
        return parseRule(parseJson(writeJson(allowed({ ...definition, ...grouped, id: `rule-${index}` }))));
      }),
    );
  const recordings = streams({ ...SECONDS, gaps: SECONDS.gaps.filter((gap) => gap >= 0) }).map(({ arrivals, end }) => ({
    end,
    messages: arrivals
      .filter(({ sequence }, index) => arrivals.findIndex((other) => other.sequence === sequence) === index)
      .map(({ sequence, at, time, data }) => ({
        subject: 'events.client.status',
        sequence,
        storedAtMs: at,
        data: new TextEncoder().encode(writeJson({ ...data, time })),
      })),
  }));

  it('each set behaves as it does alone, and its alerts are in time order', { timeout: LONG_MS }, () => {
    fc.assert(
      fc.property(rules, recordings, (some, { messages, end }) => {
        const untilMs = end + 20 * SECOND_MS;
        const alerts: AlertEnvelope[] = [];
        const times = new Map<string, string[]>();
        const player = new Player(storedAt(START, some), (alert, setId) => {
          alerts.push(alert);
          times.set(setId, [...(times.get(setId) ?? []), alert.data.evaluatedAt]);
        });
        for (const { data, ...message } of messages) {
          player.play(toEvent({ ...message, payload: parseJson(new TextDecoder().decode(data)) }));
        }
        player.finish(untilMs);

        for (const ofSet of times.values()) expect(ofSet).toEqual(ofSet.toSorted());
        const alone = alertsOffline(
          some.map((rule) => ({ rule, version: 1, storedAtMs: START })),
          messages,
          untilMs,
        );
        const together = bySet(
          alerts.filter(({ data }) =>
            [...alone.keys()].some((setId) => setId.startsWith(`client/rules/${data.ruleId}/`)),
          ),
          alone.keys(),
        );
        expect(together).toEqual(alone);
      }),
      { numRuns: 300 },
    );
  });
});
