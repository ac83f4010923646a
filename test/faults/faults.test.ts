import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest';
import { connectTemporal } from '../../src/temporal/connection/connect.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import { expectSameAlerts, type DifferentSet } from '../support/load/expect-alerts.ts';
import { loadEvents, loadRules, newSeed, sendLoad } from '../support/load/load.ts';
import { connectUser, type NatsUser } from '../support/nats/nats-user.ts';
import { ruleApi } from '../support/vigil/rule-api.ts';
import { showSets } from '../support/load/show-sets.ts';
import { splitSets } from '../../bench/soak/split-sets.ts';
import { startCluster, type Cluster } from './cluster.ts';
import { keepEvidence } from './evidence.ts';
import { injectFaults } from './injector.ts';
import { faultKinds } from './kinds.ts';
import { chooseKinds, planFaults } from './plan.ts';

/**
 * The long form is `npm run test:faults`; configure it with `VIGIL_FAULTS`, `VIGIL_FAULT_KINDS` and `VIGIL_TEST_SEED`.
 */
const FAULTS = Number(process.env['VIGIL_FAULTS'] ?? 8);
const CLIENTS = ['faults-01', 'faults-02', 'faults-03', 'faults-04'];
const EVENTS_AT_ONCE = 40;
const EVENTS_PER_SECOND = 200;
/** Small enough that some sets are split and all cross several runs. */
const BOUNDS = { signalsPerRun: 100, split: { atBytes: 1_500, shards: 3 } };
/** Depends on the number of faults: on a busy machine, each leaves about 3 s of work. */
const ALERTS_WITHIN_MS = 180_000 + 5_000 * FAULTS;
const TEST_TIMEOUT_MS = 20_000 * FAULTS + 2 * ALERTS_WITHIN_MS;

const startedMs = performance.now();
const log = (line: string): void =>
  console.log(`faults: ${((performance.now() - startedMs) / 1_000).toFixed(1)} s: ${line}`);

let cluster: Cluster;
let user: NatsUser;
let temporal: Client;
beforeAll(async () => {
  cluster = await startCluster(log, BOUNDS);
  user = await connectUser(cluster.servers.natsUrl);
  temporal = await connectTemporal(cluster.servers.temporalAddress, 'default');
});
afterAll(async () => {
  await temporal.connection.close();
  await user.close();
  await cluster.stop();
});

it(
  `publishes each alert once and in order while processes crash, hang, slow down or run out of space (${FAULTS} faults)`,
  async () => {
    const seed = newSeed();
    const random = seededRandom(seed);
    const kinds = chooseKinds(
      faultKinds(cluster, { nats: user.connection, temporal, clientIds: CLIENTS }),
      process.env['VIGIL_FAULT_KINDS'],
    );
    log(`VIGIL_TEST_SEED=${seed} VIGIL_FAULTS=${FAULTS} VIGIL_FAULT_KINDS=${kinds.map(({ name }) => name).join(',')}`);
    const folder = join(tmpdir(), `vigil-faults-${seed}`);
    onTestFailed(async () => {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'output.txt'), cluster.output());
      log(`FAILED; output of the processes, and alerts and histories of sets that differ: ${folder}`);
    });
    const { put } = ruleApi(cluster.url);
    const rules: StoredRule[] = [];
    for (const rule of CLIENTS.flatMap(loadRules)) rules.push(await put(rule));

    const over = new AbortController();
    const sending = sendUntil(over.signal, seed);
    const faults = planFaults(random, kinds, FAULTS);
    await injectFaults(faults, log).finally(() => over.abort());
    const sent = await sending;
    log(`${faults.length} faults injected, ${sent} events sent; waiting for the remaining alerts`);

    let splitCount = 0;
    let shutdownOutputs: string[] = [];
    const stop = async (): Promise<void> => {
      shutdownOutputs = await cluster.stopVigil();
    };
    const split = async (): Promise<ReadonlySet<string>> => {
      const found = await splitSets(temporal);
      splitCount = found.size;
      return found;
    };
    const late = (setIds: string[]): Promise<void> => showSets(cluster.servers.temporalAddress, setIds);
    const onDifferent = (sets: DifferentSet[]): Promise<void> => keepEvidence(folder, temporal, sets);
    const counts = await expectSameAlerts(user, rules, { withinMs: ALERTS_WITHIN_MS, stop, late, split, onDifferent });
    log(
      `${counts.events} events stored, ${counts.sets} sets (${splitCount} split), ${counts.alerts} alerts: none missing, none duplicated, all in order`,
    );
    expect(counts.alerts).toBeGreaterThan(FAULTS);
    expect(splitCount).toBeGreaterThan(0);
    expect(splitCount).toBeLessThan(counts.sets);
    // No orderly shutdown is possible while a server hangs.
    expect(shutdownOutputs).not.toHaveLength(0);
    for (const words of shutdownOutputs) {
      expect(words).toContain('vigil: stopped');
      expect(words).not.toMatch(/shutdown of a part failed|keep the process alive/);
    }
  },
  TEST_TIMEOUT_MS,
);

/** A steady load with retries until the stream has each event. Resolves with the number of events. */
async function sendUntil(over: AbortSignal, seed: number): Promise<number> {
  const load = loadEvents(seed, CLIENTS);
  let sent = 0;
  while (!over.aborted) {
    await Promise.all([sendLoad(user, load, EVENTS_AT_ONCE), delay((1_000 * EVENTS_AT_ONCE) / EVENTS_PER_SECOND)]);
    sent += EVENTS_AT_ONCE;
  }
  return sent;
}
