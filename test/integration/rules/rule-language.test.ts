import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { splitSets } from '../../../bench/soak/split-sets.ts';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { scalarText } from '../../../src/core/primitives/value.ts';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { LANGUAGE_CASES, type LanguageStep } from '../../support/evaluation/language-cases.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const CLIENT = 'language-01';
const PATIENT = { timeout: 20_000, interval: 50 };

let vigil: TestVigil;
let user: NatsUser;
let temporal: Client;
beforeAll(async () => {
  [vigil, user, temporal] = await Promise.all([
    // Splits a set at about its third machine: the sets of the cases stay whole.
    startVigil({ servers, split: { atBytes: 2_000, shards: 2 } }),
    connectUser(servers.natsUrl),
    connectTemporal(servers.temporalAddress, 'default'),
  ]);
});
afterAll(async () => {
  await vigil.stop();
  await user.close();
  await temporal.connection.close();
  expect(vigil.failures).toEqual([]);
});

const ruleOf = ({ id, ...words }: { id: string } & Record<string, unknown>) =>
  parseRule({ id, clientId: CLIENT, where: [{ property: 'type', equals: id }], partitionBy: ['m'], ...words });

const lineOf = ({ data: { status, severity, partition, message } }: AlertEnvelope): string =>
  `${status} ${severity} ${scalarText(partition['m'] ?? null)}: ${message}`;

const send = async (id: string, events: LanguageStep['events']): Promise<void> => {
  for (const { type = id, ...data } of events) await user.send(CLIENT, data, type);
};

/** Whatever `where` of a case asks for. */
const OF_OTHERS = { tags: [{ name: 'urgent' }], used: 91, quota: 100 };

describe('on real servers', () => {
  it.each(LANGUAGE_CASES)('$name', async ({ rule: { id, ...words }, steps }) => {
    await vigil.put(ruleOf({ id, ...words }));
    const published = await user.listen(CLIENT, id);
    const expected: string[] = [];
    for (const { events, alerts } of steps) {
      await send(id, events);
      expected.push(...alerts);
      await vi.waitFor(() => expect(published.map(lineOf)).toEqual(expected), PATIENT);
    }
  });

  it.each(LANGUAGE_CASES)('$name, over a split set', async ({ rule: { id: whole, ...words }, steps }) => {
    const id = `${whole}-split`;
    await vigil.put(ruleOf({ id, ...words }));
    const published = await user.listen(CLIENT, id);
    // They have none of the values that the rule compares.
    const others = Array.from({ length: 12 }, (_, number) => ({ m: `other-${number}`, ...OF_OTHERS }));
    await send(id, others);
    await vi.waitFor(async () => expect([...(await splitSets(temporal))].join()).toContain(`/rules/${id}/`), PATIENT);
    const expected: string[] = [];
    for (const { events, alerts } of steps) {
      await send(id, events);
      expected.push(...alerts);
      await vi.waitFor(() => expect(published.map(lineOf)).toEqual(expected), PATIENT);
    }
  });

  it('settings for all reach every shard of a set, whose partitions count together', async () => {
    const id = 'shards';
    await vigil.put(
      ruleOf({
        id,
        settings: [{ property: 'type', equals: 'shard-limits' }],
        evaluate: {
          type: 'count',
          having: { calc: 'latest', property: 'temp', gt: { latest: 'max', default: 80 } },
          gte: 12,
        },
        message: '{{count}} are too hot',
      }),
    );
    const published = await user.listen(CLIENT, id);
    const machines = Array.from({ length: 12 }, (_, number) => ({ m: `m${number}`, temp: 65 }));
    await send(id, machines);
    await vi.waitFor(async () => expect([...(await splitSets(temporal))].join()).toContain(`/rules/${id}/`), PATIENT);
    await send('shard-limits', [{ max: 60 }]);
    await vi.waitFor(() => expect(published.map(lineOf)).toEqual(['firing warning null: 12 are too hot']), PATIENT);
    await send(id, [{ m: 'm7', temp: 55 }]);
    await vi.waitFor(
      () => expect(published.map(lineOf)[1]).toBe('resolved warning null: Resolved: 11 are too hot'),
      PATIENT,
    );
  });
});
