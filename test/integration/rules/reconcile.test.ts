import type { Client } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectNats } from '../../../src/nats/connection/connection.ts';
import { RulesBucket } from '../../../src/nats/buckets/rules-bucket.ts';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { ensureSearchAttributes } from '../../../src/temporal/client/search-attributes.ts';
import {
  createPartitionSetsClient,
  type PartitionSetsClient,
} from '../../../src/temporal/client/partition-sets-client.ts';
import { compileRule } from '../../../src/core/compilation/compile-rule.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const NAMESPACE = 'default';
const PATIENT = { timeout: 30_000 };

let temporal: Client;
let sets: PartitionSetsClient;
beforeAll(async () => {
  temporal = await connectTemporal(servers.temporalAddress, NAMESPACE);
  await ensureSearchAttributes(temporal, NAMESPACE);
  sets = createPartitionSetsClient(temporal, 'vigil-v1');
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => temporal.connection.close());

const ruleOf = (clientId: string, id = 'r'): Rule =>
  parseRule({
    id,
    clientId,
    where: [{ property: 'n', exists: true }],
    evaluate: { type: 'any', having: { calc: 'latest', property: 'n', gt: 0 } },
  });
const setIdOf = (rule: Rule): string => compileRule(rule).ids.of([]);

/** Starts the rule's partition set and waits until Temporal lists it. */
async function start(rule: Rule): Promise<string> {
  const setId = setIdOf(rule);
  await sets.sendRule({ setId, group: [], startedAtMs: Date.now() }, { rule, version: 1, storedAtMs: Date.now() });
  await vi.waitFor(
    async () =>
      expect((await sets.running({ clientIds: [rule.clientId] })).map(({ workflowId }) => workflowId)).toContain(setId),
    PATIENT,
  );
  return setId;
}

describe('the list of running sets', () => {
  const CLIENTS = Array.from({ length: 250 }, (_, n) => `listed-${n}`);

  it('has the given clients, for any number', async () => {
    const started = await Promise.all(
      ['listed-0', 'listed-99', 'listed-100', 'listed-249', 'not-listed'].map((clientId) => start(ruleOf(clientId))),
    );
    await start(ruleOf('listed-0', 'other'));
    const list = vi.spyOn(temporal.workflow, 'list');
    const found = await sets.running({ clientIds: CLIENTS });
    expect(found.map(({ workflowId }) => workflowId).sort()).toEqual(
      [...started.slice(0, -1), setIdOf(ruleOf('listed-0', 'other'))].sort(),
    );
    expect(list.mock.calls).toHaveLength(3);
    for (const [options] of list.mock.calls) expect(options?.query?.length).toBeLessThan(10_000);
    expect((await sets.running({ clientIds: ['listed-0'], ruleId: 'other' })).map(({ ruleId }) => ruleId)).toEqual([
      'other',
    ]);
  });

  it('is empty, without a request, for no clients', async () => {
    const list = vi.spyOn(temporal.workflow, 'list');
    expect(await sets.running({ clientIds: [] })).toEqual([]);
    expect(list).not.toHaveBeenCalled();
  });
});

describe('a set without a rule at the start of vigil', () => {
  const isRunning = async (setId: string): Promise<boolean> =>
    (await temporal.workflow.getHandle(setId).describe()).status.name === 'RUNNING';

  it('is ended, whether or not the bucket has entries of its client', async () => {
    const nats = await connectNats(servers.natsUrl, 'reconcile-test');
    const rules = await RulesBucket.open(nats);
    const [deleted, unknown, kept] = [
      ruleOf('reconcile-deleted'),
      ruleOf('reconcile-unknown'),
      ruleOf('reconcile-kept'),
    ];
    await Promise.all([rules.put(deleted), rules.put(kept)]);
    await rules.delete(deleted.clientId, deleted.id);
    const [ending, staying] = [await Promise.all([deleted, unknown].map(start)), await start(kept)];
    const vigil = await startVigil({ servers });
    try {
      for (const setId of ending) await vi.waitFor(async () => expect(await isRunning(setId)).toBe(false), PATIENT);
      expect(await isRunning(staying)).toBe(true);
      expect(vigil.failures).toEqual([]);
    } finally {
      await vigil.stop();
      await nats.close();
    }
  });
});
