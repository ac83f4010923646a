import { beforeEach, expect, it } from 'vitest';
import type { Hono } from 'hono';
import { createApi } from '../../../../../src/api/api.ts';
import { listPartitions, type PartitionPage } from '../../../../../src/core/explain/list-partitions.ts';
import { driver } from '../../../../support/evaluation/driver.ts';
import { fakeVigil, machineRule, type FakeVigil } from '../../../fakes/fake-ports.ts';

const RULE = machineRule('client-01', 'stopped');
const SET = 'client-01/rules/stopped/type=status';

let vigil: FakeVigil;
let api: Hono;
let path: string;
beforeEach(async () => {
  vigil = fakeVigil({ rules: [RULE] });
  api = createApi(vigil.deps);
  vigil.sets.push({ clientId: 'client-01', ruleId: 'stopped', workflowId: SET, status: 'firing' });
  const sets = '/api/clients/client-01/rules/stopped/partition-sets';
  const { partitionSets } = (await (await api.request(sets)).json()) as { partitionSets: { id: string }[] };
  path = `${sets}/${partitionSets[0]?.id ?? ''}/partitions`;
});

function runs(workflowId: string, machines: readonly string[]): void {
  const set = driver(RULE);
  machines.forEach((machineId, index) => set.send(index, { type: 'status', machineId, state: 'stopped' }));
  vigil.listing.set(workflowId, (request) => listPartitions(set.set(), request));
}

async function get(query = ''): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await api.request(`${path}${query}`);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** The machines on all pages. */
async function machines(query: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let cursor = ''; ;) {
    const { body } = await get(`?${query}${cursor}`);
    const { partitions, next } = body as { partitions: { partition: { machineId: string } }[]; next: string | null };
    found.push(...partitions.map(({ partition }) => partition.machineId));
    if (next === null) return found;
    cursor = `&cursor=${next}`;
  }
}

it('lists the partitions of a set, in pages', async () => {
  runs(SET, ['m1', 'm2', 'm3']);
  expect((await get()).body).toMatchObject({
    partitions: [{ partition: { machineId: 'm1' }, state: 'live', value: 'stopped', satisfies: 'yes' }, {}, {}],
    next: null,
  });
  expect(await machines('limit=2')).toEqual(['m1', 'm2', 'm3']);
  expect(await machines('limit=1&sort=lastEvent')).toEqual(['m3', 'm2', 'm1']);
  expect(await machines('text=M2')).toEqual(['m2']);
  expect(await machines('state=stale')).toEqual([]);
});

it('lists those of all shards of a split set', async () => {
  vigil.listing.set(SET, () => ({ partitions: [], hasMore: false, shards: ['one', 'two', 'lost'] }));
  runs('one', ['m1', 'm3']);
  runs('two', ['m2', 'm4']);
  expect(await machines('limit=1')).toEqual(['m1', 'm2', 'm3', 'm4']);
});

it('says which shards do not answer', async () => {
  vigil.listing.set(SET, () => ({ partitions: [], hasMore: false, shards: ['one', 'lost'] }));
  runs('one', ['m1', 'm3']);
  expect((await get()).body).toMatchObject({ partitions: [{}, {}], unanswered: ['lost'] });
});

it('asks each shard for a part of a page, and for all of it only if one shard has most', async () => {
  const shards = ['one', 'two', 'three', 'four'];
  vigil.listing.set(SET, () => ({ partitions: [], hasMore: false, shards }));
  const asked: number[] = [];
  const run = (shard: string, machines: readonly string[]): void => {
    runs(shard, machines);
    const list = vigil.listing.get(shard);
    vigil.listing.set(shard, (request) => (asked.push(request.limit), list?.(request)) as PartitionPage);
  };
  const many = (name: string): string[] => Array.from({ length: 100 }, (_, index) => `${name}${100 + index}`);
  for (const shard of shards) run(shard, [`a-${shard}`, ...many('m')]);
  expect((await machines('limit=60&text=a-')).length).toBe(4);
  expect(asked.splice(0)).toEqual([38, 38, 38, 38]);
  run('one', many('b'));
  expect((await get('?limit=60&text=b')).body).toMatchObject({
    partitions: { length: 60 },
    next: expect.any(String) as string,
  });
  expect(asked).toEqual([38, 38, 38, 38, 60, 60, 60, 60]);
});

it.each([
  ['an unknown order', '?sort=age', 400, 'REQUEST_INVALID'],
  ['an unknown state', '?state=dead', 400, 'REQUEST_INVALID'],
  [
    'a cursor of another order',
    '?sort=value&cursor=WyJwYXJ0aXRpb25zIGJ5IHBhcnRpdGlvbiIsInt9Il0',
    400,
    'REQUEST_INVALID',
  ],
  ['a set that has ended', '', 404, 'PARTITION_SET_NOT_FOUND'],
])('refuses %s', async (_what, query, status, code) => {
  expect(await get(query)).toMatchObject({ status, body: { code } });
});
