import { connect, type NatsConnection } from 'nats';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RulesBucket } from '../../../src/nats/buckets/rules-bucket.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import { fileServers } from '../../support/servers/servers.ts';

const { natsUrl } = await fileServers();

/** Versions of a rule that the bucket keeps. */
const KEPT = 100;
const CLIENT = 'rules-bucket';

let nats: NatsConnection;
let bucket: RulesBucket;

beforeAll(async () => {
  nats = await connect({ servers: natsUrl });
  bucket = await RulesBucket.open(nats);
});

afterAll(() => nats.close());

const rule = (id: string, name: string): Rule =>
  parseRule({
    id,
    name,
    clientId: CLIENT,
    where: [{ property: 'm', equals: '*' }],
    evaluate: { type: 'any', having: { calc: 'latest', property: 's', equals: 'off' } },
  });

it('counts the versions of each rule separately', async () => {
  expect((await bucket.put(rule('first', 'A'))).edition).toBe(1);
  expect((await bucket.put(rule('second', 'A'))).edition).toBe(1);
  const changed = await bucket.put(rule('first', 'B'));
  expect(changed.edition).toBe(2);
  expect(changed.version).toBeGreaterThan(2);
  expect((await bucket.list(CLIENT)).map(({ rule: { id, name }, edition }) => [id, name, edition])).toEqual([
    ['first', 'B', 2],
    ['second', 'A', 1],
  ]);
  expect(await bucket.get(CLIENT, 'first')).toEqual(changed);
});

it('counts from 1 again for a rule that was deleted', async () => {
  await bucket.put(rule('again', 'A'));
  await bucket.put(rule('again', 'B'));
  await bucket.delete(CLIENT, 'again');
  expect(await bucket.get(CLIENT, 'again')).toBeNull();
  expect((await bucket.put(rule('again', 'C'))).edition).toBe(1);
});

it('returns null if there can be more versions than it keeps', async () => {
  const editions: (number | null)[] = [];
  for (let version = 1; version <= KEPT + 1; version++)
    editions.push((await bucket.put(rule('busy', String(version)))).edition);
  expect(editions).toEqual([...Array.from({ length: KEPT - 1 }, (_, index) => index + 1), null, null]);
  expect((await bucket.get(CLIENT, 'busy'))?.edition).toBeNull();
});

it('returns null for a missing rule', async () => {
  expect(await bucket.get(CLIENT, 'nothing')).toBeNull();
  expect(await bucket.list('rules-bucket-of-nobody')).toEqual([]);
});
