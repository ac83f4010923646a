import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFailed, vi } from 'vitest';
import { laneOf } from '../../../src/core/matching/lane.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { freePorts } from '../../support/servers/free-ports.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { ruleApi } from '../../support/vigil/rule-api.ts';
import { startTestServers, type TestServers } from '../../support/servers/servers.ts';
import { composeEnvironment, startVigilProcess, type VigilProcess } from '../../support/vigil/vigil-process.ts';

const LANES = 4;
/** One client per lane. */
const CLIENTS = Array.from({ length: LANES }, (_, lane) => clientIn(lane));
/** A lease must expire, and Temporal must notice that a worker is gone. */
const WITHIN = { timeout: 40_000, interval: 50 };

let servers: TestServers;
let user: NatsUser;
let dataDir: string;
let start: () => Promise<VigilProcess>;
const running: VigilProcess[] = [];
beforeAll(async () => {
  servers = await startTestServers();
  user = await connectUser(servers.natsUrl);
  dataDir = await mkdtemp(join(tmpdir(), 'vigil-takeover-'));
  start = async () => {
    const [port = 0] = await freePorts(1);
    const vigil = startVigilProcess({
      ...composeEnvironment({ ...servers, port, dataDir }),
      VIGIL_LANES: String(LANES),
    });
    running.push(vigil);
    await vigil.healthy();
    return vigil;
  };
});
afterAll(async () => {
  await Promise.all(running.map((vigil) => vigil.stop()));
  await user.close();
  await servers.stop();
  await rm(dataDir, { recursive: true, force: true });
});

it('several vigil processes share the lanes; if one dies or stops, another takes over its lanes', async () => {
  onTestFailed(() => console.error(running.map((vigil) => vigil.output().slice(-3_000)).join('\n')));
  const first = await start();
  const second = await start();
  for (const clientId of CLIENTS) await ruleApi(first.url).put(anyStopped(clientId));
  const alerts = (await Promise.all(CLIENTS.map((clientId) => user.listen(clientId)))).map(
    (all) => () => all.map(({ data }) => data.status),
  );
  await vi.waitFor(async () => expect((await owners()).size).toBe(2), WITHIN);

  await sendAll('stopped');
  await vi.waitFor(() => expect(alerts.map((read) => read())).toEqual(CLIENTS.map(() => ['firing'])), WITHIN);

  await first.kill();
  await sendAll('running');
  await vi.waitFor(
    () => expect(alerts.map((read) => read())).toEqual(CLIENTS.map(() => ['firing', 'resolved'])),
    WITHIN,
  );
  expect((await owners()).size).toBe(1);

  await start();
  await vi.waitFor(async () => expect((await owners()).size).toBe(2), WITHIN);
  await second.stop();
  await sendAll('stopped');
  await vi.waitFor(
    () => expect(alerts.map((read) => read())).toEqual(CLIENTS.map(() => ['firing', 'resolved', 'firing'])),
    WITHIN,
  );
});

it('gives advice if another number of lanes is in use, and accepts the number when no reader runs', async () => {
  const [port = 0] = await freePorts(1);
  const env = { ...composeEnvironment({ ...servers, port, dataDir }), VIGIL_LANES: String(LANES + 1) };
  const refused = startVigilProcess(env);
  expect(await refused.ended).toBe(1);
  expect(refused.output()).toMatch(
    /LANES_IN_USE: .* with 4 lanes, but this one has VIGIL_LANES=5\. Stop all of them first/,
  );

  await Promise.all(running.splice(0).map((vigil) => vigil.stop()));
  const other = startVigilProcess(env);
  running.push(other);
  await other.healthy();
  const [clientId = ''] = CLIENTS;
  const seen = await user.listen(clientId);
  await user.send(clientId, { state: 'running' });
  await vi.waitFor(
    () => expect(seen.map(({ data }) => `${data.status} ${data.episode}`)).toEqual(['resolved 2']),
    WITHIN,
  );
});

function clientIn(lane: number): string {
  for (let n = 0; ; n += 1) if (laneOf(`takeover-${n}`, LANES) === lane) return `takeover-${n}`;
}

const anyStopped = (clientId: string) =>
  parseRule({
    id: 'stopped',
    clientId,
    where: [{ property: 'type', equals: 'status' }],
    evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
  });

async function sendAll(state: string): Promise<void> {
  await Promise.all(CLIENTS.map((clientId) => user.send(clientId, { state })));
}

/** The readers with lanes. */
async function owners(): Promise<Set<string | null>> {
  const kv = await user.connection.jetstream().views.kv('vigil_lanes');
  const records = await Promise.all(CLIENTS.map((_client, lane) => kv.get(`lane.${lane}`)));
  return new Set(records.map((record) => record?.json<{ owner: string | null }>().owner ?? null));
}
