import { describe, expect, it } from 'vitest';
import {
  pauseClient,
  pauseOfRules,
  resumeClient,
  setQuotas,
  type ClientRecord,
} from '../../../src/core/model/client-record.ts';
import { pauseRule, resumeRule } from '../../../src/core/model/stored-rule/pause-edits.ts';
import { clientRules } from '../../../src/app/ports/client-rules.ts';
import { fakeVigil, machineRule } from '../../api/fakes/fake-ports.ts';

const RULE = machineRule('client-01', 'hot');
const EDIT = { by: 'ana', from: { channel: 'api', address: null }, as: 'pause' } as const;
const WANTED = { sinceMs: 0, by: 'ana' };

/** Stores a rule; `meanwhile`: what happens to its client right before it is read for the nth time. */
async function putWhile(
  record: ClientRecord,
  meanwhile: Record<number, (record: ClientRecord) => ClientRecord | null>,
) {
  const { deps } = fakeVigil();
  const { rules, clients } = deps;
  await clients.change('client-01', () => record);
  let reads = 0;
  const put = clientRules({
    rules: {
      ...rules,
      async put(rule, ifVersion, edit, clientPause) {
        const stored = await rules.put(rule, ifVersion, edit);
        const address = { clientId: rule.clientId, ruleId: rule.id };
        return (
          (clientPause && (await rules.turn(address, (each) => pauseRule(each, clientPause), { edit: EDIT }))) ?? stored
        );
      },
    },
    ...{ quotas: deps.quotas, metrics: deps.metrics },
    clients: {
      async get(clientId) {
        reads += 1;
        await clients.change(clientId, meanwhile[reads] ?? (() => null));
        return clients.get(clientId);
      },
    },
  }).put;
  const of = { rules, clients };
  return { ...of, stored: () => put(RULE), current: () => rules.get('client-01', 'hot') };
}

describe('a rule that is stored', () => {
  it('is paused at once if its client is', async () => {
    const bench = await putWhile({ pause: WANTED }, {});
    expect(await bench.stored()).toMatchObject({ pause: { by: 'ana', of: 'client' } });
  });

  it('runs if its client does', async () => {
    const bench = await putWhile({}, {});
    expect((await bench.stored()).pause).toBeUndefined();
  });

  it('is paused if its client is paused between its reading and its storing', async () => {
    const bench = await putWhile({}, { 2: (record) => pauseClient(record, WANTED) });
    expect(await bench.stored()).toMatchObject({ pause: { by: 'ana', of: 'client' } });
    expect(await bench.current()).toMatchObject({ pause: { of: 'client' } });
  });

  it('is resumed as its client was, if that happened after its reading', async () => {
    const bench = await putWhile({ pause: WANTED }, { 2: (record) => resumeClient(record, 'silently') });
    expect(await bench.stored()).toMatchObject({ resumed: { mode: 'silently' } });
    expect((await bench.current())?.pause).toBeUndefined();
  });

  it('ends up as its client, whatever happens meanwhile', async () => {
    const bench = await putWhile(
      {},
      {
        2: (record) => pauseClient(record, WANTED),
        3: (record) => resumeClient(record, 'publish'),
        4: (record) => pauseClient(record, WANTED),
      },
    );
    expect(await bench.stored()).toMatchObject({ pause: { of: 'client' } });
  });

  it('stays paused by itself, whatever its client is', async () => {
    const bench = await putWhile({}, {});
    await bench.stored();
    const of = { clientId: 'client-01', ruleId: 'hot' };
    await bench.rules.turn(of, (each) => pauseRule(each, { by: 'bo', of: 'rule' }), { edit: EDIT });
    expect(await bench.stored()).toMatchObject({ pause: { by: 'bo', of: 'rule' } });
    await bench.clients.change('client-01', (record) => pauseClient(record, WANTED));
    expect(await bench.stored()).toMatchObject({ pause: { by: 'bo', of: 'rule' } });
  });
});

describe('the record of a client', () => {
  it('remembers its pause, then how its rules go on', () => {
    const paused = pauseClient({}, { ...WANTED, note: 'moving' });
    expect(paused).toEqual({ pause: { sinceMs: 0, by: 'ana', note: 'moving' } });
    expect(pauseClient(paused ?? {}, WANTED)).toBeNull();
    expect(pauseOfRules(paused ?? {})).toEqual({ by: 'ana', note: 'moving', of: 'client' });
    expect(resumeClient(paused ?? {}, 'afresh')).toEqual({ resumedAs: 'afresh' });
    expect(resumeClient({}, 'afresh')).toBeNull();
    expect(resumeRule({}, 'afresh')).toBeNull();
  });
});

describe('a client with a quota of rules', () => {
  it('may change those that it has, and add one when another is deleted, but none over the quota', async () => {
    const { deps, overQuota } = fakeVigil({ rules: [RULE, machineRule('client-02', 'hot')] });
    const rules = clientRules(deps);
    await deps.clients.change('client-01', (before) => setQuotas(before, { rules: 2 }, 0));
    const named = (id: string) => rules.put(machineRule('client-01', id));
    await named('cold');
    await expect(named('dry')).rejects.toMatchObject({ code: 'QUOTA_RULES', fields: { quota: 2, rules: 2 } });
    expect(overQuota).toEqual([{ client: 'client-01', quota: 'rules' }]);
    await expect(named('cold')).resolves.toMatchObject({ version: 2 });
    await rules.put(machineRule('client-02', 'dry'));
    await rules.delete('client-01', 'hot');
    await expect(named('dry')).resolves.toMatchObject({ version: 1 });
  });
});
