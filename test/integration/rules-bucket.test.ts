import type { KV, NatsConnection } from 'nats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectNats } from '../../src/nats/connection/connection.ts';
import { RulesBucket } from '../../src/nats/buckets/rules-bucket.ts';
import { RULES_BUCKET } from '../../src/nats/connection/topology.ts';
import { NO_VERSION } from '../../src/core/model/stored-rule.ts';
import { parseRule } from '../../src/core/language/parse/parse-rule.ts';
import { fileServers } from '../support/servers.ts';

const { natsUrl } = await fileServers();
const RULES = 20;
const LONG = 'x'.repeat(10_000);

let nats: NatsConnection;
let rules: RulesBucket;
let kv: KV;
beforeAll(async () => {
  nats = await connectNats(natsUrl, 'rules-bucket-test');
  rules = await RulesBucket.open(nats);
  kv = await nats.jetstream().views.kv(RULES_BUCKET);
});
afterAll(async () => {
  // Other tests share the bucket and must not see invalid entries.
  for await (const key of await kv.keys())
    if (/^(bucket|unreadable|Unreadable|long)[-_]/.test(key)) await kv.purge(key);
  await nats.close();
});

const ruleOf = (clientId: string, id: string) =>
  parseRule({
    id,
    clientId,
    where: [{ property: 'n', exists: true }],
    evaluate: { type: 'any', having: { calc: 'latest', property: 'n', gt: 0 } },
  });

const clientsOf = async (prefix: string): Promise<string[]> =>
  (await rules.clients()).filter((clientId) => clientId.startsWith(prefix)).sort();

describe('a rule that must not exist', () => {
  it('is stored only if it does not, whether or not it has been deleted', async () => {
    const rule = ruleOf('bucket-none', 'a');
    const { version } = await rules.put(rule, NO_VERSION);
    await expect(rules.put(rule, NO_VERSION)).rejects.toMatchObject({ code: 'RULE_CHANGED' });
    expect((await rules.get('bucket-none', 'a'))?.version).toBe(version);
    await rules.delete('bucket-none', 'a', version);
    await expect(rules.put(rule, version)).rejects.toMatchObject({ code: 'RULE_CHANGED' });
    await rules.put(rule, NO_VERSION);
    expect(await rules.get('bucket-none', 'a')).toMatchObject({ rule });
    await rules.delete('bucket-none', 'a');
  });
});

describe('the clients of the rules bucket', () => {
  it('are those with a current entry, once each', async () => {
    for (const [clientId, id] of [
      ['bucket-1', 'a'],
      ['bucket-1', 'b'],
      ['bucket-2', 'a'],
      ['bucket-3', 'a'],
    ] as const)
      await rules.put(ruleOf(clientId, id));
    await rules.delete('bucket-1', 'a');
    await rules.delete('bucket-3', 'a');
    expect(await clientsOf('bucket-')).toEqual(['bucket-1', 'bucket-2']);
  });

  it('are listed despite entries that are not rules or not JSON', async () => {
    await kv.put('unreadable-1.r', 'no JSON');
    await kv.put('unreadable-2.r', '{"id":"r"}');
    await kv.put('Unreadable_3.r', 'no client id');
    expect(await clientsOf('unreadable-')).toEqual(['unreadable-1', 'unreadable-2']);
    expect((await rules.clients()).filter((clientId) => clientId.includes('_'))).toEqual([]);
  });

  it('are listed without reading the rules', async () => {
    for (let n = 0; n < RULES; n++) await kv.put(`long-${n}.r`, LONG);
    const before = nats.stats().inBytes;
    expect(await clientsOf('long-')).toHaveLength(RULES);
    const [read, stored] = [nats.stats().inBytes - before, RULES * LONG.length];
    expect(read).toBeLessThan(stored / 2);
  });
});

describe('a change of an expected version', () => {
  const CHANGED = { code: 'RULE_CHANGED' };

  it('is stored only if it is the newest', async () => {
    const rule = ruleOf('bucket-4', 'a');
    const first = await rules.put(rule);
    const second = await rules.put({ ...rule, name: 'second' }, first.version);
    await expect(rules.put({ ...rule, name: 'lost' }, first.version)).rejects.toMatchObject(CHANGED);
    await expect(rules.delete('bucket-4', 'a', first.version)).rejects.toMatchObject(CHANGED);
    expect(await rules.get('bucket-4', 'a')).toMatchObject({ version: second.version, rule: { name: 'second' } });
    expect(await rules.delete('bucket-4', 'a', second.version)).toBe(true);
    expect(await rules.get('bucket-4', 'a')).toBeNull();
  });

  it('is stored once if two come at the same time', async () => {
    const rule = ruleOf('bucket-5', 'a');
    const { version } = await rules.put(rule);
    const done = await Promise.allSettled(['one', 'two'].map((name) => rules.put({ ...rule, name }, version)));
    expect(done.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await rules.delete('bucket-5', 'a');
  });
});

it('the history of a rule has its versions, also after it is deleted', async () => {
  const rule = ruleOf('bucket-6', 'a');
  await rules.put({ ...rule, name: 'first' });
  await rules.put({ ...rule, name: 'second' });
  await rules.delete('bucket-6', 'a');
  const { changes, isWhole } = await rules.history('bucket-6', 'a');
  expect(changes).toMatchObject([
    { kind: 'put', rule: { name: 'first' } },
    { kind: 'put', rule: { name: 'second' } },
    { kind: 'delete', ruleId: 'a' },
  ]);
  expect(isWhole).toBe(true);
});
