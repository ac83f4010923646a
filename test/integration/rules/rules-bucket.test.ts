import type { KV, NatsConnection } from 'nats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectNats } from '../../../src/nats/connection/connection.ts';
import { RulesBucket } from '../../../src/nats/buckets/rules-bucket.ts';
import { RULES_BUCKET } from '../../../src/nats/connection/topology.ts';
import { NO_VERSION } from '../../../src/core/model/stored-rule/stored-rule.ts';
import { pauseRule } from '../../../src/core/model/stored-rule/pause-edits.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { fileServers } from '../../support/servers/servers.ts';

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

describe('pauses in the rules bucket', () => {
  const EDIT = { by: 'ana', from: { channel: 'api', address: null } } as const;
  const of = (ruleId: string) => ({ clientId: 'bucket-pause', ruleId });
  const pause = (ruleId: string, ifVersion?: number) =>
    rules.turn(of(ruleId), (before) => pauseRule(before, { by: 'ana', of: 'rule' }), {
      edit: { ...EDIT, as: 'pause' },
      ifVersion,
    });

  it('are in the value beside the rule, stay when it is stored again, and are forgotten when it is deleted', async () => {
    const rule = ruleOf('bucket-pause', 'a');
    await rules.put(rule);
    expect(await kv.get('bucket-pause.a').then((entry) => entry?.json())).toEqual(rule);
    const paused = await pause('a');
    const { storedAtMs: sinceMs = 0, version } = paused ?? {};
    expect(paused?.pause).toEqual({ sinceMs, fromMs: sinceMs, by: 'ana', of: 'rule' });
    expect(await rules.get('bucket-pause', 'a')).toEqual(paused);
    expect(await pause('a')).toBeNull();
    await expect(pause('a', 1)).rejects.toMatchObject({ code: 'RULE_CHANGED' });
    expect(await rules.put(rule, version)).toMatchObject({ pause: paused?.pause, edition: 3 });
    expect((await rules.history('bucket-pause', 'a')).changes.map(({ change }) => change)).toEqual([
      ...['created', 'paused', 'changed'],
    ]);
    await rules.delete('bucket-pause', 'a');
    expect(await pause('a')).toBeNull();
    expect((await rules.put(rule)).pause).toBeUndefined();
  });

  it('are lost by no change at the same moment', async () => {
    await rules.put(ruleOf('bucket-pause', 'b'));
    const all = Array.from({ length: 10 }, (_each, n) => ({ ...ruleOf('bucket-pause', 'b'), message: `${n}` }));
    await Promise.all([...all.map((rule) => rules.put(rule)), pause('b')]);
    expect(await rules.get('bucket-pause', 'b')).toMatchObject({ pause: { by: 'ana' }, edition: 12 });
  });

  it('that cannot be read make the rule invalid, like any other word', async () => {
    const invalid = { ...ruleOf('bucket-pause', 'c'), pauses: { pause: 'yes' } };
    const edit = { ...EDIT, as: 'pause' } as const;
    await kv.put('bucket-pause.c', JSON.stringify(invalid));
    expect((await rules.list('bucket-pause')).map(({ rule }) => rule.id)).not.toContain('c');
    expect(await rules.turn(of('c'), (before) => pauseRule(before, { by: null, of: 'rule' }), { edit })).toBeNull();
  });
});
