import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, it, onTestFailed, onTestFinished, vi } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { recordBits } from '../../../src/core/model/id-text.ts';
import { partitionSetIds } from '../../../src/core/model/partition-set/partition-set-ids.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import {
  createPartitionSetsClient,
  type PartitionSetsClient,
} from '../../../src/temporal/client/partition-sets-client.ts';
import { showSets } from '../../support/load/show-sets.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { freePorts } from '../../support/servers/free-ports.ts';
import { muteOn } from '../../support/servers/mute-proxy.ts';
import { startTestServers, type TestServers } from '../../support/servers/servers.ts';
import { ruleApi } from '../../support/vigil/rule-api.ts';
import { composeEnvironment, startVigilProcess, type VigilProcess } from '../../support/vigil/vigil-process.ts';

const SHARDS = 2;
/** The windows of two machines are below it, those of half the machines above. */
const bounds = { split: { atBytes: 24_000, shards: SHARDS } };
const MACHINES = 8;
/** In the middle of the events of each client. */
const HALF_WAY = { note: 'half-way' };
/** So many of them that one is not cut by a packet. */
const NOTES = 20;
const FEW = 2;
/** Of the machines with even numbers, as many as a window keeps; the others have one less. */
const EVENTS = 250;
const AT_A_TIME = 50;
/** A set asks the next reader within a minute. */
const PATIENT = { timeout: 150_000, interval: 100 };
const TEST_WITHIN_MS = 300_000;

let servers: TestServers;
let user: NatsUser;
let temporal: Client;
let sets: PartitionSetsClient;
let dataDir: string;
const processes: VigilProcess[] = [];
beforeAll(async () => {
  servers = await startTestServers();
  [user, temporal] = await Promise.all([
    connectUser(servers.natsUrl),
    connectTemporal(servers.temporalAddress, 'default'),
  ]);
  sets = createPartitionSetsClient(temporal, 'unused');
  dataDir = await mkdtemp(join(tmpdir(), 'vigil-reader-dies-'));
});
afterAll(async () => {
  await Promise.all(processes.map((vigil) => vigil.stop()));
  await user.close();
  await temporal.connection.close();
  await servers.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** With one lane, the first process is the reader; a second one has a worker, and takes over. */
async function start(natsUrl = servers.natsUrl): Promise<VigilProcess> {
  const [port = 0] = await freePorts(1);
  const env = { ...composeEnvironment({ ...servers, natsUrl, port, dataDir }), VIGIL_LANES: '1' };
  const vigil = startVigilProcess(env, bounds);
  processes.push(vigil);
  await vigil.healthy();
  return vigil;
}

/** Over two machines in one piece, over all of them split; one set for each client, as those of a client take turns. */
const SIZES = ['few', 'many'] as const;
type Size = (typeof SIZES)[number];

// Counts tell whether an event is missing, or counted twice.
const hot = { calc: 'count', within: '2h', gte: EVENTS - 1, where: [{ property: 't', gt: 80 }] };
const busy = { calc: 'count', within: '1h', gte: EVENTS };
const ruleOf = (way: string, size: Size, having: object, changes: object = {}): Rule =>
  parseRule({
    ...{ id: 'busy', clientId: `dies-${way}-${size}`, partitionBy: ['m'], evaluate: { type: 'each', having } },
    where: [{ property: size === 'few' ? 'few' : 'm', equals: '*' }],
    ...changes,
  });

/** Those of kind 0 and 1 are hot, those of kind 1 and 3 lack an event. */
const kindOf = (machine: number): number => machine % 4;
const allOf = (...kinds: number[]): number[] =>
  Array.from({ length: MACHINES }, (_, machine) => machine).filter((machine) => kinds.includes(kindOf(machine)));

const eventOf = (machine: number) => ({
  m: `m${machine}`,
  ...(machine < FEW && { few: 'yes' }),
  t: kindOf(machine) < 2 ? 90 : 70,
});

/** Sends all events of a client. Returns their sequences, by machine. */
async function sendAll(clientId: string): Promise<number[][]> {
  const sequences = Array.from({ length: MACHINES }, (): number[] => []);
  const machines = Array.from({ length: EVENTS }, (_, turn) =>
    Array.from({ length: MACHINES }, (__, machine) => machine).filter((machine) => machine % 2 === 0 || turn > 0),
  ).flat();
  for (let sent = 0; sent < machines.length; sent += AT_A_TIME) {
    if (sent === AT_A_TIME * Math.floor(machines.length / AT_A_TIME / 2))
      for (let note = 0; note < NOTES; note++) await user.send(clientId, HALF_WAY);
    await Promise.all(
      machines
        .slice(sent, sent + AT_A_TIME)
        .map(async (machine) => sequences[machine]?.push(await user.send(clientId, eventOf(machine)))),
    );
  }
  return sequences;
}

const summary = (alerts: readonly AlertEnvelope[]): string[] =>
  alerts.map(({ data }) => `${recordBits(data.partition)} ${data.status} #${data.episode} ${data.reason}`).sort();

it(
  'sets that are primed or reset while their reader dies finish with the next one: nothing twice, nothing missing',
  { timeout: TEST_WITHIN_MS },
  async () => {
    let isArmed = false;
    const port = Number(new URL(servers.natsUrl).port);
    const proxy = await muteOn(HALF_WAY.note, port, () => isArmed);
    onTestFinished(() => proxy.close());
    const first = await start(`nats://127.0.0.1:${proxy.port}`);
    const { put } = ruleApi(first.url);
    const rules = [
      ...SIZES.map((size) => ruleOf('primed', size, hot)),
      ...SIZES.map((size) => ruleOf('reset', size, busy)),
    ];
    const ids = rules.map((rule) => partitionSetIds(rule).of([]));
    onTestFailed(async () => {
      console.error(processes.map((vigil) => vigil.output().slice(-3_000)).join('\n'));
      await showSets(servers.temporalAddress, ids);
    });
    const alerts = await Promise.all(rules.map(({ clientId }) => user.listen(clientId)));
    /** Of each set, in the order of the rules. */
    const published = (...expected: string[][]): Promise<void> =>
      vi.waitFor(() => expect(alerts.map(summary)).toEqual(expected.map((each) => [...each].sort())), PATIENT);
    const lines = (machines: readonly number[], what: string): string[] => machines.map((each) => `m=m${each} ${what}`);
    const fired = (...machines: number[]): string[] => lines(machines, 'firing #1 condition');

    for (const rule of rules) await put(rule);
    const sequences = await Promise.all(rules.map(({ clientId }) => sendAll(clientId)));
    await published(fired(0, 1), fired(...allOf(0, 1)), fired(0), fired(...allOf(0, 2)));
    for (const [index, id] of ids.entries())
      expect((await sets.state(id))?.shards?.ids ?? [], id).toHaveLength(index % 2 === 0 ? 0 : SHARDS);

    const second = await start();
    // The stream loses events, so alerts of the sets to reset were mistakes.
    const { streams } = await user.connection.jetstreamManager();
    for (const [[sequence = 0] = []] of sequences.slice(SIZES.length)) await streams.deleteMessage('EVENTS', sequence);
    isArmed = true;
    await Promise.all([
      ...SIZES.map((size) => put(ruleOf('primed', size, busy, { backfill: '1h' }))),
      ...ids.slice(SIZES.length).map((id) => sets.reset(id, 'ana')),
    ]);
    // The first recovery that comes half-way stops all of them.
    await vi.waitUntil(() => proxy.isMute(), PATIENT);
    await first.kill();
    // A set that is primed may not know its new version yet.
    for (const id of ids.slice(SIZES.length)) expect(await sets.state(id), id).toHaveProperty('recovery');

    const after = [
      [...fired(0, 1), 'm=m1 resolved #1 ruleUpdated'],
      [...fired(...allOf(0, 1, 2)), ...lines(allOf(1), 'resolved #1 ruleUpdated')],
      [...fired(0), 'm=m0 resolved #1 reset'],
      [...fired(...allOf(0, 2)), 'm=m0 resolved #1 reset'],
    ] as const;
    await published(...after.map((each) => [...each]));
    for (const { clientId } of rules) for (const machine of [0, 1, 3]) await user.send(clientId, eventOf(machine));
    await published(
      [...after[0], 'm=m1 firing #2 condition'],
      [...after[1], 'm=m1 firing #2 condition', ...fired(3)],
      [...after[2], 'm=m0 firing #2 condition', ...fired(1)],
      [...after[3], 'm=m0 firing #2 condition', ...fired(1, 3)],
    );
    for (const id of ids) {
      const state = await sets.state(id);
      const shards = await Promise.all((state?.shards?.ids ?? []).map((shard) => sets.state(shard)));
      for (const each of [state, ...shards]) expect(each).toMatchObject({ faults: [], unpublished: 0 });
      expect([state?.recovery, state?.muted]).toEqual([undefined, undefined]);
    }
    const all = alerts.flat().map(({ id }) => id);
    expect(all).toHaveLength(new Set(all).size);
    await second.stop();
  },
);
