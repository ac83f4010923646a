import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest';
import { freePorts } from '../support/servers/free-ports.ts';
import { connectTemporal } from '../../src/temporal/connection/connect.ts';
import { splitSets } from '../../bench/soak/split-sets.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import { between, seededRandom } from '../../src/simulator/random.ts';
import { readCommands } from '../support/workflows/commands.ts';
import { expectSameAlerts } from '../support/load/expect-alerts.ts';
import { loadEvents, loadRules, newSeed, sendLoad } from '../support/load/load.ts';
import { connectUser, type NatsUser } from '../support/nats/nats-user.ts';
import { ruleApi } from '../support/vigil/rule-api.ts';
import { startTestServers, type TestServers } from '../support/servers/servers.ts';
import { composeEnvironment, startVigilProcess, type VigilProcess } from '../support/vigil/vigil-process.ts';

/** Both share the work and are paused independently, so that work moves between them. */
const WORKERS = 2;
const FEW_PAUSES = 6;
/** Pauses of all workers. `VIGIL_PAUSES` sets more and longer ones. */
const PAUSES = Number(process.env['VIGIL_PAUSES'] ?? FEW_PAUSES);
/**
 * Longer than the SDK's default of 5 s for interrupting an activation. With many pauses, some are longer than the
 * workflow task timeout.
 */
const PAUSE_MS = [6_000, PAUSES > FEW_PAUSES ? 20_000 : 8_000] as const;
/** Short, so that the worker is catching up and nearly always inside an activation. */
const BETWEEN_MS = [500, 2_000] as const;
const CLIENTS = ['paused-01', 'paused-02', 'paused-03', 'paused-04'];
const EVENTS_AT_ONCE = 100;
const EVENTS_PER_SECOND = 200;
/** Splits many sets, so that workflows signal each other. */
const BOUNDS = { signalsPerRun: 500, split: { atBytes: 1_500, shards: 3 } };
const ALERTS_WITHIN_MS = 120_000;
const TEST_TIMEOUT_MS = (PAUSE_MS[1] + BETWEEN_MS[1]) * Math.ceil(PAUSES / WORKERS) + 2 * ALERTS_WITHIN_MS;

const startedMs = performance.now();
const log = (line: string): void =>
  console.log(`paused worker: ${((performance.now() - startedMs) / 1_000).toFixed(1)} s: ${line}`);

let servers: TestServers;
let user: NatsUser;
let dataDir: string;
let workers: VigilProcess[] = [];
let others: VigilProcess;
beforeAll(async () => {
  servers = await startTestServers();
  user = await connectUser(servers.natsUrl);
  dataDir = await mkdtemp(join(tmpdir(), 'vigil-paused-'));
  const [first = 0, ...ports] = await freePorts(1 + WORKERS);
  const start = (port: number, parts: string): VigilProcess =>
    startVigilProcess({ ...composeEnvironment({ ...servers, port, dataDir }), VIGIL_PARTS: parts }, BOUNDS);
  others = start(first, 'subscriber,alerts');
  workers = ports.map((port) => start(port, 'worker'));
  await Promise.all([others, ...workers].map((vigil) => vigil.healthy()));
});
afterAll(async () => {
  await Promise.all([...workers, others].map((vigil) => vigil.kill()));
  await user.close();
  await servers.stop();
  await rm(dataDir, { recursive: true, force: true });
});

it(
  `never mixes commands of workflows while workers are paused (${PAUSES} pauses)`,
  async () => {
    const seed = newSeed();
    log(`VIGIL_TEST_SEED=${seed} VIGIL_PAUSES=${PAUSES}`);
    onTestFailed(() => workers.forEach((worker) => console.error(worker.output().slice(-20_000))));
    const { put } = ruleApi(others.url);
    const rules: StoredRule[] = [];
    for (const rule of CLIENTS.flatMap(loadRules)) rules.push(await put(rule));

    const over = new AbortController();
    const sending = sendUntil(over.signal, seed);
    let pauses = 0;
    await Promise.all(
      workers.map((worker, index) => pauseOften(worker, seededRandom(seed + index), () => (pauses += 1) <= PAUSES)),
    );
    over.abort();
    await sending;
    log('pauses done; waiting for the remaining alerts');

    const temporal = await connectTemporal(servers.temporalAddress, 'default');
    const stop = async (): Promise<void> => {
      await Promise.all([...workers, others].map((vigil) => vigil.stop()));
    };
    // Checks the histories first, because they explain differing alerts.
    const alerts = await expectSameAlerts(user, rules, {
      withinMs: ALERTS_WITHIN_MS,
      stop,
      split: () => splitSets(temporal),
    }).catch((error: unknown) => error);
    const { runs, commands, foreign, failedTasks } = await readCommands(temporal, CLIENTS);
    await temporal.connection.close();
    log(`${runs} runs with ${commands} commands, ${foreign.length} foreign, ${failedTasks.length} failed tasks`);
    expect(foreign).toEqual([]);
    expect(failedTasks).toEqual([]);
    for (const worker of workers) expect(worker.output()).not.toContain('Script execution timed out');
    if (alerts instanceof Error) throw alerts;
    log(JSON.stringify(alerts));
    expect(commands).toBeGreaterThan(runs);
  },
  TEST_TIMEOUT_MS,
);

async function pauseOften(worker: VigilProcess, random: () => number, isToPause: () => boolean): Promise<void> {
  while (isToPause()) {
    await delay(between(random, BETWEEN_MS[0], BETWEEN_MS[1]));
    worker.pause();
    await delay(between(random, PAUSE_MS[0], PAUSE_MS[1]));
    worker.resume();
  }
}

/** A steady load, which builds a backlog for a paused worker. */
async function sendUntil(over: AbortSignal, seed: number): Promise<void> {
  const load = loadEvents(seed, CLIENTS);
  while (!over.aborted)
    await Promise.all([sendLoad(user, load, EVENTS_AT_ONCE), delay((1_000 * EVENTS_AT_ONCE) / EVENTS_PER_SECOND)]);
}
