import { beforeEach, describe, expect, it } from 'vitest';
import type { Hono } from 'hono';
import { createApi } from '../../../../../src/api/api.ts';
import { VigilError } from '../../../../../src/core/primitives/errors.ts';
import { explain } from '../../../../../src/core/explain/explain.ts';
import { partitionSetIds } from '../../../../../src/core/model/partition-set/partition-set-ids.ts';
import { parseRule } from '../../../../../src/core/language/parse/parse-rule.ts';
import { driver } from '../../../../support/evaluation/driver.ts';
import { fakeVigil, machineRule, type FakeVigil } from '../../../fakes/fake-ports.ts';

const PATH = '/api/clients/client-01/rules';
const SET = partitionSetIds(machineRule('client-01', 'all-stopped')).of([]);
const disabled = { ...machineRule('client-01', 'off'), enabled: false };
const grouped = parseRule({ ...machineRule('client-01', 'by-site'), groupBy: ['site'] });

let vigil: FakeVigil;
let api: Hono;
beforeEach(() => {
  vigil = fakeVigil({ rules: [machineRule('client-01', 'all-stopped'), disabled, grouped] });
  api = createApi(vigil.deps);
});

/** A running set of the rule that has received these events. */
function run(workflowId: string, events: object[], rule: object = machineRule('client-01', 'all-stopped'), more = {}) {
  const set = driver(rule);
  events.forEach((event, index) => void set.send(index, { type: 'status', ...event }));
  vigil.running.set(workflowId, (request) => ({ ...explain(set.set(), request), ...more }));
}

const ask = async (query: string): Promise<{ status: number; body: Record<string, unknown> }> => {
  const answer = await api.request(`${PATH}/${query}`);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

describe('GET …/explain', () => {
  it('explains the partition set, in words and as data', async () => {
    run(SET, [
      { machineId: 'm1', state: 'stopped' },
      { machineId: 'm2', state: 'running' },
    ]);
    expect(await ask('all-stopped/explain')).toMatchObject({
      status: 200,
      body: {
        ruleId: 'all-stopped',
        across: { live: 2, levels: [{ answer: 'no', satisfying: 1 }] },
        partition: null,
        text: [
          'The alert is inactive.',
          'all: no. 1 of 2 live partitions satisfy.',
          '  machineId=m2: does not satisfy',
          'Nothing changes before the next event.',
        ],
      },
    });
  });

  it('explains a partition', async () => {
    run(SET, [{ machineId: 'm1', state: 'running' }]);
    expect(await ask('all-stopped/explain?partition=m1')).toMatchObject({
      status: 200,
      body: {
        partition: { partition: { machineId: 'm1' }, levels: [{ condition: { value: 'running', answer: 'no' } }] },
      },
    });
  });

  it('finds a key that is a number', async () => {
    run(SET, [{ machineId: 7, state: 'running' }]);
    expect(await ask('all-stopped/explain?partition=7')).toMatchObject({
      body: { partition: { partition: { machineId: 7 } } },
    });
  });

  it('asks the shards of a split set for a partition', async () => {
    run(SET, [], undefined, { shards: ['shard-1', 'shard-2'] });
    run('shard-1', [{ machineId: 'm1', state: 'running' }]);
    run('shard-2', [{ machineId: 'm2', state: 'stopped' }]);
    expect(await ask('all-stopped/explain?partition=m2')).toMatchObject({
      body: { shards: ['shard-1', 'shard-2'], partition: { partition: { machineId: 'm2' } } },
    });
  });

  it('says which shards do not answer', async () => {
    run(SET, [], undefined, { shards: ['shard-1', 'busy', 'lost'] });
    run('shard-1', [{ machineId: 'm1', state: 'running' }]);
    vigil.running.set('busy', () => {
      throw new VigilError('TEMPORAL_UNREACHABLE', 'It is busy.');
    });
    const { status, body } = await ask('all-stopped/explain?partition=m1');
    expect([status, body]).toMatchObject([200, { unanswered: ['busy', 'lost'], partition: {} }]);
    expect(body['text']).toContain('2 of 3 shards do not answer: this is incomplete.');
  });

  it('explains the set of a group', async () => {
    run(partitionSetIds(grouped).of(['berlin']), [], grouped);
    expect(await ask('by-site/explain?group=berlin')).toMatchObject({ status: 200, body: { ruleId: 'by-site' } });
  });

  it('says which entry of `where` keeps events out, if no partition has reported', async () => {
    run(SET, []);
    vigil.archive.store('client-01', 'state', { machineId: 'm1' });
    vigil.archive.store('client-01', 'state', 'no object' as never);
    vigil.archive.store('client-02', 'status', { machineId: 'm1' });
    const { body } = await ask('all-stopped/explain');
    expect(body).toMatchObject({
      where: {
        ...{ read: 1, unusable: 1, matched: 0, newestMatch: null, lacking: [] },
        failing: [{ entry: 0, events: 1, alone: 1, example: { has: [{ property: 'type', value: 'state' }] } }],
      },
    });
    expect(body['text']).toContainEqual(
      '  type equals "status": 1 fail it, and nothing else (event 1 has type "state")',
    );
  });

  it('says it of a rule whose partitions report only if it is asked', async () => {
    run(SET, [{ machineId: 'm1', state: 'running' }]);
    vigil.archive.store('client-01', 'status', { machineId: 'm1' });
    expect((await ask('all-stopped/explain')).body).not.toHaveProperty('where');
    expect((await ask('all-stopped/explain?where=true')).body).toMatchObject({ where: { read: 1, matched: 1 } });
    expect(await ask('all-stopped/explain?where=yes')).toMatchObject({ status: 400 });
  });

  it('says it of a group that no event has started', async () => {
    vigil.archive.store('client-01', 'state', { site: 'rome' });
    const { status, body } = await ask('by-site/explain?group=rome');
    expect([status, body['fields']]).toMatchObject([404, { group: 'rome', where: { read: 1, matched: 0 } }]);
    expect(body['detail']).toContain('\n  machineId equals "*": 1 fail it (event 1 has no machineId)');
  });

  it.each<[what: string, query: string, status: number, code: string, advice: string]>([
    ['a rule', 'none/explain', 404, 'RULE_NOT_FOUND', 'List the rules'],
    ['a partition', 'all-stopped/explain?partition=m9', 404, 'PARTITION_NOT_FOUND', 'have reported'],
    ['the group', 'by-site/explain', 404, 'PARTITION_SET_NOT_FOUND', 'add ?group= with the values of site'],
    ['a set', 'by-site/explain?group=rome', 404, 'PARTITION_SET_NOT_FOUND', 'starts with the first event'],
    ['a set of a disabled rule', 'off/explain', 404, 'PARTITION_SET_NOT_FOUND', 'A disabled rule has none.'],
    ['a value', 'all-stopped/explain?partition={}', 400, 'REQUEST_INVALID', 'a value for each of machineId'],
  ])('says that there is not: %s', async (_what, query, status, code, advice) => {
    run(SET, [{ machineId: 'm1', state: 'running' }]);
    const answer = await ask(query);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.body['detail']).toContain(advice);
  });
});
