import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFailed, vi } from 'vitest';
import { packageRoot } from '../../../src/app/paths.ts';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import { between, seededRandom } from '../../../src/simulator/random.ts';
import { expectSameAlerts } from '../../support/load/expect-alerts.ts';
import { freePorts } from '../../support/servers/free-ports.ts';
import { loadEvents, loadRules, newSeed, sendLoad } from '../../support/load/load.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { ruleApi } from '../../support/vigil/rule-api.ts';
import { startTestServers, type TestServers } from '../../support/servers/servers.ts';
import { composeEnvironment, startVigilProcess, type VigilProcess } from '../../support/vigil/vigil-process.ts';

const CRASHES = 3;
const EVENTS_A_LIFE = 1_000;
const CLIENTS = ['crash-01', 'crash-02', 'crash-03'];
const PATIENT = { timeout: 60_000, interval: 20 };
/** An activity that runs during a crash is retried only after its timeout. */
const ALERTS_WITHIN_MS = 120_000;
const TEST_TIMEOUT_MS = 240_000;

let servers: TestServers;
let user: NatsUser;
let env: Record<string, string>;
let dataDir: string;
let vigil: VigilProcess;
beforeAll(async () => {
  servers = await startTestServers();
  user = await connectUser(servers.natsUrl);
  dataDir = await mkdtemp(join(tmpdir(), 'vigil-crash-'));
  const [port = 0] = await freePorts(1);
  env = composeEnvironment({ ...servers, port, dataDir });
  vigil = startVigilProcess(env);
});
afterAll(async () => {
  await vigil.kill();
  await user.close();
  await servers.stop();
  await rm(dataDir, { recursive: true, force: true });
});

describe('vigil with the environment of docker-compose.yml and separate servers', () => {
  it('becomes healthy according to the health check of the image, with the seed rules', async () => {
    await vigil.healthy();
    const check = execFileSync(process.execPath, ['docker/healthcheck.mjs'], {
      cwd: packageRoot,
      env: { PORT: env['PORT'] },
    });
    expect(JSON.parse(check.toString())).toMatchObject({ status: 'ok', parts: { simulator: { state: 'off' } } });
    const answer = await fetch(`${vigil.url}/api/clients`);
    expect(await answer.json()).toEqual({ clients: ['client-01', 'client-02'], next: null });
  });

  it(
    'loses no event and duplicates no alert when it is killed repeatedly under load',
    async () => {
      const seed = newSeed();
      onTestFailed(() => console.error(`VIGIL_TEST_SEED=${seed}\n${vigil.output().slice(-5_000)}`));
      const random = seededRandom(seed);
      const load = loadEvents(seed, CLIENTS);
      const { put } = ruleApi(vigil.url);
      const rules: StoredRule[] = [];
      for (const rule of CLIENTS.flatMap(loadRules)) rules.push(await put(rule));

      for (let crash = 0; crash < CRASHES; crash++) {
        const goal = (await alertsSoFar()) + Math.floor(between(random, 1, EVENTS_A_LIFE / 4));
        const sending = sendLoad(user, load, EVENTS_A_LIFE);
        await vi.waitUntil(async () => (await alertsSoFar()) >= goal, PATIENT);
        await vigil.kill();
        vigil = startVigilProcess(env);
        await sending;
      }
      await sendLoad(user, load, EVENTS_A_LIFE);
      await expectSameAlerts(user, rules, {
        withinMs: ALERTS_WITHIN_MS,
        stop: async () => expect(await vigil.stop()).toBe(0),
      });
    },
    TEST_TIMEOUT_MS,
  );
});

async function alertsSoFar(): Promise<number> {
  const manager = await user.connection.jetstreamManager();
  return (await manager.streams.info('ALERTS')).state.messages;
}
