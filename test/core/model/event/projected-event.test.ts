import { describe, expect, it } from 'vitest';
import { compileRule } from '../../../../src/core/compilation/compile-rule.ts';
import { toEvent } from '../../../../src/core/model/event/event.ts';
import { LIMITS } from '../../../../src/core/primitives/limits.ts';
import { parseRule } from '../../../../src/core/language/parse/parse-rule.ts';
import { overflowEvent, projectedEventBytes, projectEvent } from '../../../../src/core/matching/projection.ts';

const compiled = (properties: readonly string[]) =>
  compileRule(
    parseRule({
      id: 'r',
      clientId: 'c',
      where: [{ property: 'm', equals: '*' }],
      partitionBy: ['m'],
      evaluate: {
        type: 'any',
        having: { any: properties.map((property) => ({ calc: 'latest', property, exists: true })) },
      },
    }),
  );
const eventWith = (payload: object) =>
  toEvent({ subject: 'events.c.status', payload, sequence: 1, storedAtMs: 1_767_225_600_000 });
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

const sixty = Array.from({ length: 60 }, (_, index) => `p${index}`);
const all = (value: unknown): object => Object.fromEntries(sixty.map((property) => [property, value]));

describe('a projected event', () => {
  it('has the values that the rule reads', () => {
    expect(projectEvent(compiled(['a', 'b.c']), eventWith({ m: 'm1', a: 1, b: { c: 'x' }, other: 2 })).data).toEqual({
      m: 'm1',
      a: 1,
      'b.c': 'x',
    });
  });

  it('keeps short strings whole next to long ones, which are cut until all fit', () => {
    const event = projectEvent(
      compiled([...sixty, 'state']),
      eventWith({ m: 'm'.repeat(256), ...all('\u0001'.repeat(1_024)), state: 'x'.repeat(128) }),
    );
    expect(event.data).toMatchObject({
      m: 'm'.repeat(256),
      state: 'x'.repeat(128),
      p0: { json: '\u0001'.repeat(128) },
      p59: { json: '\u0001'.repeat(128) },
    });
    expect(bytesOf(event.data)).toBeLessThanOrEqual(LIMITS.eventBytes);
  });

  it('is cut no further than necessary', () => {
    const event = projectEvent(compiled(sixty), eventWith({ m: 1, ...all('x'.repeat(1_024)) }));
    expect(event.data['p0']).toBe('x'.repeat(1_024));
    expect(projectEvent(compiled(sixty), eventWith({ m: 1, ...all('温'.repeat(1_024)) })).data['p0']).toEqual({
      json: '温'.repeat(256),
    });
  });

  it.each<[string, object]>([
    ['numbers', all(-1.2345678901234567e-100)],
    ['objects', all({ deep: ['"\u0001温😀'] })],
    ['long strings', all('温'.repeat(2_000))],
    ['a missing property', {}],
  ])('takes no more bytes than estimated, with %s', (_what, values) => {
    const rule = compiled(sixty);
    const event = {
      ...projectEvent(rule, eventWith({ m: '温"', ...values })),
      seq: Number.MAX_SAFE_INTEGER,
      trace: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    };
    expect(bytesOf(event)).toBeLessThanOrEqual(projectedEventBytes(rule, event));
  });

  it('takes few bytes if the event is left out', () => {
    const event = overflowEvent(eventWith({ m: 1 }));
    expect(bytesOf(event)).toBeLessThanOrEqual(projectedEventBytes(compiled(sixty), event));
  });
});
