import { headers, type NatsConnection } from 'nats';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Authorship } from '../../../src/core/model/access/authorship.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import { RulesBucket } from '../../../src/nats/buckets/rules-bucket.ts';
import { connectNats } from '../../../src/nats/connection/connection.ts';
import { RULES_BUCKET } from '../../../src/nats/connection/topology.ts';
import { fileServers } from '../../support/servers/servers.ts';

const servers = await fileServers();
const CLIENT = 'client-01';
const PATIENT = { timeout: 30_000, interval: 50 };
/** Versions of each rule that a bucket of an older build keeps. */
const OLD_HISTORY = 10;

let nats: NatsConnection;
let bucket: RulesBucket;
beforeAll(async () => {
  nats = await connectNats(servers.natsUrl, 'rule-history-test');
  const old = await nats.jetstream().views.kv(RULES_BUCKET, { history: OLD_HISTORY });
  for (let n = 1; n <= 12; n++) await old.put(`${CLIENT}.old`, JSON.stringify(ruleOf('old', String(n))));
  for (let n = 1; n <= 3; n++) await old.put(`${CLIENT}.young`, JSON.stringify(ruleOf('young', String(n))));
  bucket = await RulesBucket.open(nats);
});
afterAll(() => nats.close());

const ruleOf = (id: string, name: string): Rule =>
  parseRule({
    ...{ id, name, clientId: CLIENT, where: [{ property: 'm', equals: '*' }] },
    evaluate: { type: 'any', having: { calc: 'latest', property: 's', equals: 'off' } },
  });
const author = (by: string): Authorship => ({ by, from: { channel: 'cli', address: '10.0.0.7' } });
const edit = (by: string) => ({ ...author(by), as: 'put' as const });

/** The versions of a rule as `name by change`. */
async function historyOf(id: string) {
  const { changes, isWhole } = await bucket.history(CLIENT, id);
  const shown = changes.map((version) => {
    const name = version.kind === 'put' ? version.rule.name : 'none';
    return `${name} ${version.by} ${version.change}`;
  });
  return { shown, isWhole, versions: changes.map(({ version }) => version) };
}

it('of a bucket of an older build has what it kept, and who changes the rules from now on', async () => {
  const old = await historyOf('old');
  expect(old.shown).toEqual(Array.from({ length: OLD_HISTORY }, (_, n) => `${n + 3} null changed`));
  expect(old.isWhole).toBe(false);
  expect((await bucket.put(ruleOf('old', '13'), undefined, edit('ana'))).edition).toBeNull();
  expect((await historyOf('old')).shown).toEqual([...old.shown, '13 ana changed']);

  expect((await bucket.put(ruleOf('young', '4'), undefined, edit('ana'))).edition).toBe(4);
  const young = ['1 null created', '2 null changed', '3 null changed', '4 ana changed'];
  expect(await historyOf('young')).toMatchObject({ shown: young, isWhole: true });
});

it('has 70 versions with who made them, in the order of the bucket, whoever writes at the same time', async () => {
  const writers = ['ana', 'bo', 'Jörg ✓'];
  const each = 24;
  const stored = await Promise.all(
    writers.map(async (by) => {
      const versions: number[] = [];
      for (let n = 0; n < each; n++) versions.push((await bucket.put(ruleOf('busy', by), undefined, edit(by))).version);
      return versions;
    }),
  );
  const { shown, versions, isWhole } = await historyOf('busy');
  expect(versions).toEqual(stored.flat().sort((a, b) => a - b));
  expect(isWhole).toBe(true);
  const { changes } = await bucket.history(CLIENT, 'busy');
  for (const version of changes) {
    const writer = writers.findIndex((_by, index) => stored[index]?.includes(version.version));
    expect(version).toMatchObject({
      by: writers[writer],
      rule: { name: writers[writer] },
      from: { address: '10.0.0.7' },
    });
  }
  expect(shown.filter((text) => text.endsWith('created'))).toHaveLength(1);
  expect(shown[0]).toMatch(/created$/);
});

it('says how a rule has changed', async () => {
  const rule = ruleOf('life', 'a');
  const first = await bucket.put(rule, undefined, edit('ana'));
  await bucket.put({ ...rule, enabled: false }, undefined, { ...author('bo'), as: 'disable' });
  await bucket.put(rule, undefined, { ...author('bo'), as: 'enable' });
  await bucket.put(rule, undefined, { ...author('bo'), as: 'rollBack', restored: first.version });
  await bucket.delete(CLIENT, 'life', undefined, { ...author('cy'), as: 'delete' });
  await bucket.put(rule, undefined, edit('ana'));
  const { changes } = await bucket.history(CLIENT, 'life');
  expect(changes.map(({ by, change }) => `${by} ${change}`)).toEqual([
    ...['ana created', 'bo disabled', 'bo enabled', 'bo rolledBack', 'cy deleted', 'ana created'],
  ]);
  expect(changes[3]).toMatchObject({ restored: first.version });
});

it('keeps 100 versions of a rule', async () => {
  for (let n = 1; n <= 105; n++) await bucket.put(ruleOf('long', String(n)), undefined, edit('ana'));
  const { shown, isWhole } = await historyOf('long');
  expect([shown.length, shown[0], shown.at(-1), isWhole]).toEqual([100, '6 ana changed', '105 ana changed', false]);
});

it('ignores who another program says that it is', async () => {
  for (const text of ['{"by":7}', 'no JSON']) {
    const head = headers();
    head.set('Vigil-Edit', text);
    await nats
      .jetstream()
      .publish(`$KV.${RULES_BUCKET}.${CLIENT}.odd`, JSON.stringify(ruleOf('odd', 'x')), { headers: head });
  }
  expect((await historyOf('odd')).shown).toEqual(['x null created', 'x null changed']);
});

it('has every version that was acknowledged before NATS was killed', async () => {
  for (let n = 1; n <= 20; n++) await bucket.put(ruleOf('crash', String(n)), undefined, edit(`writer-${n}`));
  await servers.nats.kill();
  await servers.nats.restart();
  await vi.waitFor(() => bucket.get(CLIENT, 'crash'), PATIENT);
  const { shown } = await historyOf('crash');
  expect(shown.map((text) => text.split(' ')[1])).toEqual(Array.from({ length: 20 }, (_, n) => `writer-${n + 1}`));
});
