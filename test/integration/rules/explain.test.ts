import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Explanation } from '../../../src/core/explain/explanation.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const CLIENT = 'client-01';
const PATIENT = { timeout: 20_000, interval: 50 };
const MACHINES = 12;

let vigil: TestVigil;
let user: NatsUser;
beforeAll(async () => {
  const split = { atBytes: 2_000, shards: 2 };
  [vigil, user] = await Promise.all([startVigil({ servers, split }), connectUser(servers.natsUrl)]);
});
afterAll(async () => {
  await vigil.stop();
  await user.close();
  expect(vigil.failures).toEqual([]);
});

const rule = (id: string, type: string) =>
  parseRule({
    id,
    clientId: CLIENT,
    where: [{ property: 'type', equals: id }],
    partitionBy: ['m'],
    evaluate: { type: 'all', having: { calc: 'latest', property: 't', gt: 80 } },
    for: '1h',
    ...(type === 'each' && { evaluate: { type: 'each', having: { calc: 'latest', property: 't', gt: 80 } } }),
  });

async function explain(id: string, query = ''): Promise<Explanation & { text: string[] }> {
  const answer = await fetch(`${vigil.app.url}/api/clients/${CLIENT}/rules/${id}/explain${query}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Explanation & { text: string[] };
}

describe('a running partition set', () => {
  it('says who holds its alert back, and by how much', async () => {
    await vigil.put(rule('few', 'all'));
    await user.send(CLIENT, { m: 'a', t: 90 }, 'few');
    const sequence = await user.send(CLIENT, { m: 'b', t: 75 }, 'few');
    await vi.waitFor(async () => expect((await explain('few')).across?.live).toBe(2), PATIENT);
    expect((await explain('few')).across).toMatchObject({
      levels: [{ answer: 'no', satisfying: 1 }],
      because: [{ partition: { m: 'b' }, why: 'does not satisfy' }],
    });
    const { partition } = await explain('few', '?partition=b');
    expect(partition?.levels[0]?.condition).toMatchObject({ answer: 'no', value: 75, lacks: 5, event: { sequence } });
  });

  it('says when its alert fires', async () => {
    await user.send(CLIENT, { m: 'b', t: 95 }, 'few');
    await vi.waitFor(async () => expect((await explain('few')).alert?.state).toBe('pending'), PATIENT);
    const { alert, next } = await explain('few');
    const firesAt = new Date(Date.parse(alert?.since ?? '') + 3_600_000).toISOString();
    expect(next).toEqual([{ at: firesAt, what: 'the alert fires' }]);
  });
});

it('a rule that no event reaches says which entry of `where` keeps them out', async () => {
  await vigil.put(rule('none', 'all'));
  const sequence = await user.send(CLIENT, { m: 'a', t: 90 }, 'nonesuch');
  const { where } = await vi.waitFor(() => explain('none'), PATIENT);
  const entry = { entry: 0, text: 'type equals "none"', events: where?.read, alone: where?.read };
  const example = { event: { sequence }, has: [{ property: 'type', value: 'nonesuch' }] };
  expect(where).toMatchObject({ matched: 0, unusable: 0, failing: [{ ...entry, example }] });
});

it('a set that is split answers for a partition of any shard, and lists those of all', async () => {
  await vigil.put(rule('many', 'each'));
  for (let index = 0; index < MACHINES; index++) await user.send(CLIENT, { m: `m${index}`, t: 70 + index }, 'many');
  await vi.waitFor(async () => expect((await explain('many')).shards).toHaveLength(2), PATIENT);
  // The shards have their events a little later than the set.
  const alerts = await vi.waitFor(async () => {
    const found = (await explain('many')).alerts;
    expect(found).toMatchObject({ live: MACHINES, states: { pending: 1, firing: 0, inactive: MACHINES - 1 } });
    return found;
  }, PATIENT);
  expect(alerts?.open).toMatchObject([{ partition: { m: 'm11' }, state: 'pending' }]);
  for (const index of [0, 5, MACHINES - 1]) {
    const { partition } = await explain('many', `?partition=m${index}`);
    expect(partition).toMatchObject({ partition: { m: `m${index}` }, levels: [{ condition: { value: 70 + index } }] });
  }

  const sets = `${vigil.app.url}/api/clients/${CLIENT}/rules/many/partition-sets`;
  const { partitionSets } = (await (await fetch(sets)).json()) as { partitionSets: { id: string }[] };
  const values: number[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = `${sets}/${partitionSets[0]?.id}/partitions?sort=value&limit=5&cursor=${cursor}`;
    const answer = await fetch(cursor === '' ? page.replace('&cursor=', '') : page);
    const { partitions, next } = (await answer.json()) as { partitions: { value: number }[]; next: string | null };
    values.push(...partitions.map(({ value }) => value));
    cursor = next;
  }
  expect(values).toEqual(Array.from({ length: MACHINES }, (_, index) => 70 + MACHINES - 1 - index));
});
