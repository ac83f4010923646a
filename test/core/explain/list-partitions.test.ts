import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  comparePlaces,
  listPartitions,
  mergePages,
  PARTITION_SORTS,
  type PartitionPage,
  type PartitionPlace,
  type PartitionsRequest,
} from '../../../src/core/explain/list-partitions.ts';
import { jsonBytes } from '../../../src/core/primitives/text/bytes.ts';
import { driver } from '../../support/evaluation/driver.ts';

const rule = {
  ...{ id: 'hot', clientId: 'c', where: [{ property: 'm', equals: '*' }], partitionBy: ['m'], staleAfter: '1m' },
  evaluate: { type: 'each', having: { calc: 'latest', property: 't', gt: 80 } },
  expect: [{ m: 'z' }],
};

const END = 91;

function filled(sent: readonly (readonly [at: number, m: string, t: number])[]) {
  const driven = driver(rule);
  for (const [at, m, t] of sent) driven.send(at, { m, t });
  driven.advance(END);
  return driven.set();
}
const machines = ({ partitions }: PartitionPage): unknown[] => partitions.map(({ listed }) => listed.partition['m']);

describe('the partitions of a set', () => {
  const set = filled([
    [1, 'a', 90],
    [70, 'b', 70],
    [71, 'c', 95],
  ]);
  const of = (request: Partial<PartitionsRequest>): unknown[] =>
    machines(listPartitions(set, { sort: 'partition', limit: 10, ...request }));

  it.each<[string, Partial<PartitionsRequest>, string[]]>([
    ['are in the order of their keys', {}, ['a', 'b', 'c', 'z']],
    ['with the newest event first', { sort: 'lastEvent' }, ['c', 'b', 'a', 'z']],
    ['with the largest value first', { sort: 'value' }, ['c', 'b', 'a', 'z']],
    ['in one of these states', { states: ['stale', 'not reported'] }, ['a', 'z']],
    ['whose own alert fires', { alerts: ['firing'] }, ['c']],
    ['that contain a text', { text: 'M=B' }, ['b']],
    ['after a place', { after: { rank: null, key: '["b"]' } }, ['c', 'z']],
    ['no more than asked for', { limit: 2 }, ['a', 'b']],
  ])('%s', (_what, request, expected) => {
    expect(of(request)).toEqual(expected);
  });

  it('say what is known of each', () => {
    const { partitions } = listPartitions(set, { sort: 'partition', limit: 4 });
    expect(partitions.map(({ listed }) => listed)).toMatchObject([
      { partition: { m: 'a' }, state: 'stale', value: null, satisfies: 'no', severity: null, alert: 'inactive' },
      { partition: { m: 'b' }, state: 'live', value: 70, satisfies: 'no' },
      { partition: { m: 'c' }, state: 'live', value: 95, satisfies: 'yes', severity: 'warning', alert: 'firing' },
      { partition: { m: 'z' }, state: 'not reported', lastEvent: null, value: null, next: null },
    ]);
  });

  it('say since when the condition of each alert holds, and what is next', () => {
    const { partitions } = listPartitions(set, { sort: 'partition', limit: 4 });
    const [, b, c] = partitions.map(({ listed }) => listed);
    expect(b).toMatchObject({ since: null, next: { what: 'its data expires (staleAfter)' } });
    expect(c?.since).toBe(c?.lastEvent?.time);
    expect(Date.parse(c?.next?.at ?? '') - Date.parse(c?.since ?? '')).toBe(60_000);
  });

  it('are as many as fit into an answer', () => {
    const long = 'x'.repeat(250);
    const many = filled(Array.from({ length: 900 }, (_, index) => [1, `${long}${index}`, index] as const));
    const page = listPartitions(many, { sort: 'partition', limit: 1_000 });
    expect(page.hasMore).toBe(true);
    expect(jsonBytes(page)).toBeLessThan(300_000);
  });
});

const events = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 90 }), fc.string({ maxLength: 2 }), fc.integer({ min: 0, max: 99 })),
  {
    maxLength: 40,
  },
);

test.prop([
  events,
  fc.constantFrom(...PARTITION_SORTS),
  fc.integer({ min: 1, max: 7 }),
  fc.integer({ min: 1, max: 4 }),
])('page after page, over any number of shards, the same list comes', (sent, sort, limit, shards) => {
  const inTime = sent.toSorted((a, b) => a[0] - b[0]);
  const whole = listPartitions(filled(inTime), { sort, limit: 1_000 });
  // Each shard has some of the machines; all expect "z".
  const parts = Array.from({ length: shards }, (_, shard) =>
    filled(inTime.filter(([, m]) => (m.codePointAt(0) ?? 0) % shards === shard)),
  );
  const pages: PartitionPage[] = [];
  let after: PartitionPlace | undefined;
  do {
    const request = { sort, limit, ...(after && { after }) };
    pages.push(
      mergePages(
        parts.map((part) => listPartitions(part, request)),
        limit,
      ),
    );
    after = pages.at(-1)?.partitions.at(-1)?.place;
  } while (pages.at(-1)?.hasMore);
  const places = pages.flatMap(({ partitions }) => partitions.map(({ place }) => place));
  const isShared = ({ key }: PartitionPlace): boolean => key !== '["z"]';
  expect(places.filter(isShared).map(({ key }) => key)).toEqual(
    whole.partitions
      .map(({ place }) => place)
      .filter(isShared)
      .map(({ key }) => key),
  );
  expect(places).toEqual(places.toSorted(comparePlaces));
});
