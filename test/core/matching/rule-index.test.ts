import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { matchRule, RuleIndex, type Match } from '../../../src/core/matching/rule-index.ts';
import type { Predicate } from '../../../src/core/model/rule/condition-schema.ts';
import { toEvent, type VigilEvent } from '../../../src/core/model/event/event.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';

const ids = ['r1', 'r2', 'r3', 'r4', 'r5'];
const clients = ['client-01', 'client-02'];
const value = fc.constantFrom<string | number | boolean>('a', 'b', 'A', 1, '1', true);

const entry: fc.Arbitrary<Predicate> = fc.oneof(
  fc.record({ property: fc.constantFrom('type', 'p', 'q.r'), equals: fc.oneof(value, fc.constantFrom('status', '*')) }),
  fc.record({
    property: fc.constantFrom('p', 'type'),
    in: fc.array(fc.oneof(value, fc.constant('status')), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ property: fc.constant('p'), notEquals: value }),
  fc.record({ property: fc.constantFrom('p', 'type'), equals: value, ignoreCase: fc.boolean() }),
  fc.record({
    property: fc.constantFrom('p', 'q.r'),
    in: fc.array(value, { minLength: 1, maxLength: 3 }),
    ignoreCase: fc.constant(true),
  }),
  fc.record({ property: fc.constantFrom('p', 'q.r'), as: fc.constant('number' as const), equals: value }),
  fc.record({ property: fc.constantFrom('p', 'type'), contains: fc.constantFrom('a', 'A') }),
  fc.record({ not: fc.record({ property: fc.constant('p'), equals: value }) }),
  fc.record({
    any: fc.array(fc.record({ property: fc.constantFrom('p', 'type'), equals: value }), { minLength: 1, maxLength: 2 }),
  }),
);

const stored: fc.Arbitrary<StoredRule> = fc
  .record({
    id: fc.constantFrom(...ids),
    clientId: fc.constantFrom(...clients),
    where: fc.array(entry, { minLength: 1, maxLength: 3 }),
    forgetOn: fc.option(fc.array(entry, { minLength: 1, maxLength: 2 }), { nil: undefined }),
    enabled: fc.boolean(),
    keys: fc.constantFrom<Pick<Rule, 'groupBy' | 'partitionBy'>>(
      {},
      { groupBy: ['q.r'] },
      { groupBy: ['p', 'type'] },
      { partitionBy: ['p'] },
    ),
  })
  .map(({ keys, forgetOn, ...rest }) => {
    const rule: Rule = {
      ...rest,
      ...(forgetOn !== undefined && { forgetOn }),
      ...keys,
      evaluate: { type: 'any', having: { calc: 'latest', property: 'p', exists: true } },
    };
    return { rule, version: 1, storedAtMs: 0 };
  });

const event: fc.Arbitrary<VigilEvent> = fc
  .record({
    client: fc.constantFrom(...clients),
    type: fc.constantFrom('status', 'a'),
    data: fc.record(
      {
        p: fc.oneof(value, fc.constant(null), fc.constant({ deep: 1 })),
        q: fc.record({ r: value }, { requiredKeys: [] }),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ client, type, data }) =>
    toEvent({ subject: `events.${client}.${type}`, payload: data, sequence: 1, storedAtMs: 0 }),
  );

const change = fc.oneof(
  { weight: 3, arbitrary: stored },
  fc.record({ gone: fc.constantFrom(...ids), of: fc.constantFrom(...clients) }),
);

describe('the rule index', () => {
  it('finds the same rules as testing every rule, whatever was put, changed and deleted before', () => {
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 15 }),
        fc.array(event, { minLength: 1, maxLength: 8 }),
        (changes, events) => {
          const index = new RuleIndex();
          const kept = new Map<string, StoredRule>();
          for (const each of changes) {
            if ('gone' in each) {
              index.delete(each.of, each.gone);
              kept.delete(`${each.of}/${each.gone}`);
            } else {
              index.put(each);
              kept.set(`${each.rule.clientId}/${each.rule.id}`, each);
            }
          }
          const idsOf = (matches: Match[]): string[] =>
            matches.map(({ setId, group }) => JSON.stringify([setId, group])).sort();
          for (const each of events) {
            const enabled = [...kept.values()].filter(
              ({ rule }) => rule.clientId === each.clientId && rule.enabled !== false,
            );
            const tried = enabled.flatMap((rule) => matchRule(new RuleIndex().put(rule), each) ?? []);
            expect(idsOf(index.match(each))).toEqual(idsOf(tried));
          }
          expect(index.all().length).toBe(kept.size);
        },
      ),
      { numRuns: 1000 },
    );
  });

  const rule = (changes: Partial<Rule>): StoredRule => ({
    rule: {
      id: 'r1',
      clientId: 'client-01',
      where: [{ property: 'type', equals: '*' }],
      evaluate: { type: 'any', having: { calc: 'latest', property: 'p', exists: true } },
      ...changes,
    },
    version: 1,
    storedAtMs: 0,
  });
  const groupsOf = (groupBy: string[], data: object): unknown => {
    const index = new RuleIndex();
    index.put(rule({ groupBy }));
    return index
      .match(toEvent({ subject: 'events.client-01.status', payload: data, sequence: 1, storedAtMs: 0 }))
      .map(({ group }) => group);
  };

  it.each<[string, unknown]>([
    ['a string', 'berlin'],
    ['an empty string', ''],
    ['a string of 256 characters', 'x'.repeat(256)],
    ['a number', 0],
    ['a boolean', false],
  ])('accepts %s as part of a key', (_, site) => expect(groupsOf(['site'], { site })).toEqual([[site]]));

  it.each<[string, object]>([
    ['a missing property', {}],
    ['null', { site: null }],
    ['an object', { site: {} }],
    ['a list', { site: ['a'] }],
    ['a string of 257 characters', { site: 'x'.repeat(257) }],
  ])('rejects %s as part of a key', (_, data) => expect(groupsOf(['site'], data)).toEqual([]));

  it('separates clients', () => {
    const index = new RuleIndex();
    index.put(rule({}));
    expect(
      index.match(toEvent({ subject: 'events.client-02.status', payload: {}, sequence: 1, storedAtMs: 0 })),
    ).toEqual([]);
  });

  describe('tests only rules that may match', () => {
    const OTHERS = 100;

    /**
     * How often a property of one event is read, for a client with one rule that requires its value and many that
     * require others.
     */
    function readsOf(wheres: (value: string) => Predicate[]): number {
      const index = new RuleIndex();
      for (let n = 0; n < OTHERS; n++) index.put(rule({ id: `other-${n}`, where: wheres(`other-${n}`) }));
      index.put(rule({ id: 'wanted', where: wheres('wanted') }));
      let reads = 0;
      const event = toEvent({ subject: 'events.client-01.status', payload: {}, sequence: 1, storedAtMs: 0 });
      event.data = new Proxy<Record<string, unknown>>(
        { type: 'status', p: 'wanted', q: 'x' },
        {
          get(target, name) {
            reads += Number(name === 'p');
            return Reflect.get(target, name) as unknown;
          },
        },
      );
      expect(
        index.match(event).map(
          ({
            rule: {
              rule: { id },
            },
          }) => id,
        ),
      ).toEqual(['wanted']);
      return reads;
    }
    const status: Predicate = { property: 'type', equals: 'status' };

    it.each<[string, (value: string) => Predicate[]]>([
      ['by a value', (value) => [{ property: 'p', equals: value }]],
      ['by a value rather than the type, which all rules share', (value) => [status, { property: 'p', equals: value }]],
      ['by one of several values', (value) => [status, { property: 'p', in: [`${value}-too`, value] }]],
      [
        'by a number',
        (value) => [status, { property: 'p', equals: value }, { property: 'q', as: 'number', exists: false }],
      ],
      ['by a value without case', (value) => [{ property: 'p', equals: value.toUpperCase(), ignoreCase: true }]],
      [
        'by a value, whatever the other predicates',
        (value) => [
          { property: 'q', equals: '*' },
          { not: { property: 'q', equals: 'y' } },
          { property: 'p', equals: value },
        ],
      ],
    ])('%s', (_how, wheres) => expect(readsOf(wheres)).toBeLessThan(5));

    it('by the type, if the rules require nothing else', () => {
      const index = new RuleIndex();
      for (const id of ids) index.put(rule({ id, where: [{ property: 'type', equals: id }] }));
      expect(
        index
          .match(toEvent({ subject: 'events.client-01.r3', payload: {}, sequence: 1, storedAtMs: 0 }))
          .map(({ setId }) => setId),
      ).toEqual([expect.stringContaining('/r3/')]);
    });
  });
});
