import { describe, expect, it } from 'vitest';
import { compileRule } from '../../../src/core/compilation/compile-rule.ts';
import { toEvent, type StoredMessage } from '../../../src/core/model/event/event.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { projectEvent } from '../../../src/core/matching/projection.ts';
import { advanceTo, applyEvent, openPartitionSet, takeAlerts } from '../../../src/core/evaluation/evaluate.ts';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const OTHER = '00-1bf7651916cd43dd8448eb211c80319d-b7ad6b7169203331-00';
const message = (payload: unknown, traceparent?: string): StoredMessage => ({
  subject: 'events.client-01.status',
  payload,
  sequence: 1,
  storedAtMs: 1_000,
  traceparent,
});
const envelope = (traceparent: unknown) => ({
  specversion: '1.0',
  id: '1',
  source: '/a',
  type: 'status',
  traceparent,
  data: { state: 'stopped' },
});

describe('the trace of an event', () => {
  it('comes from its CloudEvents envelope, else from the message headers', () => {
    expect(toEvent(message(envelope(TRACE), OTHER)).trace).toBe(TRACE);
    expect(toEvent(message(envelope(undefined), OTHER)).trace).toBe(OTHER);
    expect(toEvent(message({ state: 'stopped' }, OTHER)).trace).toBe(OTHER);
  });

  it.each([
    7,
    'soon',
    TRACE.toUpperCase(),
    `01${TRACE.slice(2)}`,
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${'a'.repeat(32)}-${'0'.repeat(16)}-01`,
    `${TRACE}-more`,
  ])('is ignored if invalid: %s', (traceparent) => {
    expect(toEvent(message(envelope(traceparent)))).not.toHaveProperty('trace');
  });

  it('is not a property that rules could read', () => {
    expect(toEvent(message({ state: 'stopped', traceparent: TRACE })).trace).toBeUndefined();
  });
});

describe('the trace of an alert', () => {
  const rule = (changes: object) =>
    parseRule({
      id: 'hot',
      clientId: 'client-01',
      where: [{ property: 'type', equals: 'status' }],
      partitionBy: ['machineId'],
      evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
      ...changes,
    });
  const play = (changes: object, ...events: [machineId: string, state: string, trace?: string][]) => {
    const definition = rule(changes);
    const set = openPartitionSet({ rule: definition, ruleVersion: 1, group: [], atMs: 0, generation: 'g' });
    const compiled = compileRule(definition);
    events.forEach(([machineId, state, traceparent], index) => {
      applyEvent(
        set,
        projectEvent(
          compiled,
          toEvent({
            ...message({ machineId, state }, traceparent),
            sequence: index + 1,
            storedAtMs: 1_000 * (index + 1),
          }),
        ),
      );
    });
    advanceTo(set, 600_000);
    return takeAlerts(set).map(({ data, traceparent }) => [data.status, traceparent]);
  };

  it('is that of the event that caused it', () => {
    expect(play({}, ['m1', 'stopped', TRACE], ['m1', 'running', OTHER], ['m1', 'stopped'])).toEqual([
      ['firing', TRACE],
      ['resolved', OTHER],
      ['firing', undefined],
    ]);
  });

  it('is that of the first partition that satisfies, if the clock caused it', () => {
    expect(play({ for: '1m' }, ['m1', 'running', OTHER], ['m2', 'stopped', TRACE], ['m3', 'stopped', OTHER])).toEqual([
      ['firing', TRACE],
    ]);
  });

  it('is that of its own partition with each', () => {
    const each = { evaluate: { type: 'each', having: { calc: 'latest', property: 'state', equals: 'stopped' } } };
    expect(play(each, ['m1', 'stopped', OTHER], ['m2', 'stopped', TRACE])).toEqual([
      ['firing', OTHER],
      ['firing', TRACE],
    ]);
  });
});
