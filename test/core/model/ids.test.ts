import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Predicate } from '../../../src/core/model/rule/condition-schema.ts';
import { recordBits, scalarBits } from '../../../src/core/model/id-text.ts';
import { ID_PATTERN } from '../../../src/core/model/ids.ts';
import { partitionSetIds } from '../../../src/core/model/partition-set/partition-set-ids.ts';
import { hashText } from '../../../src/core/primitives/text/hash.ts';
import { LIMITS } from '../../../src/core/primitives/limits.ts';

const where: Predicate[] = [
  { property: 'type', equals: 'status' },
  { property: 'machineId', equals: '*' },
];
const rule = { clientId: 'client-01', id: 'all-stopped', where };

describe('the id of a partition set', () => {
  it('contains the client, the rule, and the events', () =>
    expect(partitionSetIds(rule).of([])).toBe('client-01/rules/all-stopped/type=status&machineId=*'));

  it('contains the group', () => {
    const { of } = partitionSetIds({ ...rule, groupBy: ['site', 'line'] });
    expect(of(['berlin', 3])).toBe('client-01/rules/all-stopped/type=status&machineId=*/site=berlin,line=3');
  });

  it.each<[Predicate, string]>([
    [{ any: [{ property: 'a', gt: 1 }, { not: { property: 'b', exists: true } }] }, '(a.gt=1|!b.exists=true)'],
    [
      {
        all: [
          { property: 'a', equals: 1 },
          { property: 'a', equals: '1' },
        ],
      },
      '(a=1&a=%221%22)',
    ],
    [{ property: 'a b/c', equals: 'x&y=z/ü' }, 'a%20b%2Fc=x%26y%3Dz%2F%C3%BC'],
    [{ property: 'a', gte: 1, lt: 5 }, 'a.gte=1&a.lt=5'],
  ])('writes %j as %s', (entry, bits) =>
    expect(partitionSetIds({ ...rule, where: [entry] }).of([])).toBe(`client-01/rules/all-stopped/${bits}`),
  );

  const scalar = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(
      '\uD800',
      'a\uDC00b',
      '\uDC00\uD800',
      'true',
      'null',
      '1',
      '"1"',
      '-1',
      'a/b',
      'a,b',
      'a=b',
      'a b',
      '😀',
    ),
    fc.integer(),
    fc.boolean(),
  );

  it('differs for every group, whatever characters it has', () => {
    const { of } = partitionSetIds({ ...rule, groupBy: ['site', 'line'] });
    fc.assert(
      fc.property(fc.tuple(scalar, scalar), fc.tuple(scalar, scalar), (a, b) => {
        const same = a.every((value, index) => value === b[index]);
        expect(of(a) === of(b)).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });

  it('differs for every scalar, and has only URI characters', () => {
    fc.assert(
      fc.property(scalar, scalar, (a, b) => {
        expect(scalarBits(a) === scalarBits(b)).toBe(a === b);
        expect(scalarBits(a)).toMatch(/^[\w\-.!~*'()%]*$/);
      }),
      { numRuns: 2000 },
    );
  });

  it('stays short: a long one ends in a hash', () => {
    const long = 'x'.repeat(256);
    const { of } = partitionSetIds({ ...rule, groupBy: ['site'] });
    const ids = ['a', 'b', 'c'].map((end) => of([`${long}${end}`]));
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id.length).toBeLessThan(500);
    const many = Array.from({ length: 60 }, (_, index): Predicate => ({
      property: 'machineId',
      equals: `machine-${index}`,
    }));
    expect(partitionSetIds({ ...rule, where: many }).of([]).length).toBeLessThan(300);
  });

  it('recognises its own by the names of all groupBy properties, in order', () => {
    const two = partitionSetIds({ ...rule, groupBy: ['site', 'line'] });
    const set = two.of([]).slice(0, two.of([]).lastIndexOf('/'));
    expect(two.owns(`${set}/site=berlin,line=1`)).toBe(true);
    for (const other of ['site=berlin', 'line=1,site=berlin', 'site=berlin,line=1,hall=2', 'site=berlin,hall=2'])
      expect(two.owns(`${set}/${other}`)).toBe(false);
    const elsewhere = `client-02/rules/all-stopped/type=status&machineId=*`;
    expect(elsewhere.length).toBe(set.length);
    expect(two.owns(`${elsewhere}/site=berlin,line=1`)).toBe(false);
    // A long id has only the beginning.
    const long = two.of(['x'.repeat(300), 1]);
    expect(two.owns(long)).toBe(true);
    expect(partitionSetIds({ ...rule, groupBy: ['line', 'site'] }).owns(long)).toBe(false);
  });

  it('has a route that depends on the properties of groupBy, not on their values', () => {
    expect(partitionSetIds(rule).route).toBe('client-01/rules/all-stopped/type=status&machineId=*');
    expect(partitionSetIds({ ...rule, groupBy: ['site', 'line'] }).route).toBe(
      'client-01/rules/all-stopped/type=status&machineId=*/site,line',
    );
  });

  it('recognises its own, and no other rule’s', () => {
    const [plain, grouped] = [partitionSetIds(rule), partitionSetIds({ ...rule, groupBy: ['site'] })];
    expect(plain.owns(plain.of([]))).toBe(true);
    expect(grouped.owns(grouped.of(['berlin']))).toBe(true);
    expect(grouped.owns(grouped.of(['ü'.repeat(200)]))).toBe(true);
    const long = partitionSetIds({ ...rule, groupBy: ['s'.repeat(256)] });
    expect(long.owns(long.of(['berlin']))).toBe(true);
    expect(plain.owns(grouped.of(['berlin']))).toBe(false);
    expect(grouped.owns(plain.of([]))).toBe(false);
    expect(partitionSetIds({ ...rule, groupBy: ['line'] }).owns(grouped.of(['berlin']))).toBe(false);
    expect(partitionSetIds({ ...rule, id: 'all' }).owns(plain.of([]))).toBe(false);
  });
});

describe('a partition in the id of an alert', () => {
  it('stays readable', () => expect(recordBits({ site: 'berlin', größe: 'a b' })).toBe('site=berlin,größe=a%20b'));

  it('is cut if it is long, with a hash', () => {
    const [one, other] = ['1', '2'].map((end) => recordBits({ m: '温'.repeat(255) + end }));
    expect(one).toMatch(/^m=(?:%[\dA-F]{2})+%?[\dA-F]?~[\da-z]+$/);
    expect(one?.length).toBeLessThanOrEqual(LIMITS.idBitsLength + 15);
    expect(one).not.toBe(other);
  });

  it('is one line, whatever the name of the property', () => expect(recordBits({ 'a\nb': 1 })).toBe('a%0Ab=1'));
});

describe('hashText', () => {
  it.each([
    ['', 'ztntfpztntfp'],
    ['a', '1r9wi7g1r9wi7g'],
    ['machine-01', '1k1yhwu11jbb0c'],
  ])('of "%s" is always %s, because ids depend on it', (text, hash) => expect(hashText(text)).toBe(hash));

  it('distinguishes strings that differ in one character', () => {
    const texts = Array.from({ length: 10_000 }, (_, index) => `machine-${index}`);
    expect(new Set(texts.map(hashText)).size).toBe(texts.length);
  });
});

describe('ids of clients and rules', () => {
  it.each(['a', '0', 'client-01', 'a'.repeat(64)])('%s is valid', (id) => expect(id).toMatch(ID_PATTERN));
  it.each(['', '-a', 'A', 'a.b', 'a/b', 'a b', 'ä', 'a_b', 'a'.repeat(65), 'a\n'])('%j is not valid', (id) =>
    expect(id).not.toMatch(ID_PATTERN),
  );
});
