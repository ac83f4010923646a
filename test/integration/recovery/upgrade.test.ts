import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, expect, it, onTestFailed, onTestFinished, vi } from 'vitest';
import { splitSets } from '../../../bench/soak/split-sets.ts';
import { packageRoot } from '../../../src/app/paths.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { partitionSetIds } from '../../../src/core/model/partition-set/partition-set-ids.ts';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { createPartitionSetsClient } from '../../../src/temporal/client/partition-sets-client.ts';
import { expectSameAlerts } from '../../support/load/expect-alerts.ts';
import { loadEvents, loadRules, newSeed, sendLoad } from '../../support/load/load.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { showSets } from '../../support/load/show-sets.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

/** Workflows of older builds; scripts/record-build.mjs adds one. */
const BUILDS = join(packageRoot, 'test/builds');
const EVENTS = 400;
const PATIENT = { timeout: 60_000, interval: 100 };
const ALERTS_WITHIN_MS = 120_000;
const TEST_WITHIN_MS = 240_000;
const builds = readdirSync(BUILDS).map((file) => file.replace('.js.br', ''));

const servers = await fileServers();
const folder = mkdtempSync(join(tmpdir(), 'vigil-builds-'));
let user: NatsUser;
let temporal: Client;
beforeAll(async () => {
  [user, temporal] = await Promise.all([
    connectUser(servers.natsUrl),
    connectTemporal(servers.temporalAddress, 'default'),
  ]);
});
afterAll(async () => {
  await user.close();
  await temporal.connection.close();
  rmSync(folder, { recursive: true });
});

/** Starts vigil with the workflows of this build; without one, the current. Splits some of the load's sets. */
function start(build?: string): Promise<TestVigil> {
  const bundle = build === undefined ? {} : { bundlePath: unpack(build) };
  return startVigil({ servers, split: { atBytes: 1_500, shards: 3 }, ...bundle });
}

function unpack(build: string): string {
  const path = join(folder, `${build}.js`);
  writeFileSync(path, brotliDecompressSync(readFileSync(join(BUILDS, `${build}.js.br`))));
  return path;
}

it.each(builds)(
  'an upgrade from %s loses no alert and publishes none twice',
  { timeout: TEST_WITHIN_MS },
  async (build) => {
    const seed = newSeed();
    const clientId = `from-${build}`;
    const held = parseRule({
      ...{ id: 'held', clientId: `${clientId}-held`, where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] },
      evaluate: { type: 'any', having: { calc: 'latest', property: 't', gt: 80 } },
    });
    const load = loadEvents(seed, [clientId]);
    const old = await start(build);
    onTestFinished(() => old.stop());
    onTestFailed(() => console.error(`VIGIL_TEST_SEED=${seed}`, old.complaints.slice(-20)));
    const rules = [];
    for (const rule of loadRules(clientId)) rules.push(await old.put(rule));
    await old.put(held);
    const alertsOfHeld = await user.listen(held.clientId);
    await user.send(held.clientId, { m: 'a', t: 90 });
    await sendLoad(user, load, EVENTS);
    await vi.waitUntil(
      async () =>
        alertsOfHeld.length === 1 &&
        (await user.read('ALERTS', `alerts.${clientId}.*`)).length > 50 &&
        (await splitSets(temporal)).size > 0,
      PATIENT,
    );
    await old.stop();

    await sendLoad(user, load, EVENTS);
    const current = await start();
    onTestFinished(() => current.stop());
    onTestFailed(() => console.error(current.complaints.slice(-20)));
    await sendLoad(user, load, EVENTS);
    await expectSameAlerts(user, rules, {
      withinMs: ALERTS_WITHIN_MS,
      late: (setIds) => showSets(servers.temporalAddress, setIds),
      split: () => splitSets(temporal),
    });
    // What fires since before the upgrade is open, and takes actions that the old build did not know.
    const sets = createPartitionSetsClient(temporal, 'unused');
    expect(await sets.act(partitionSetIds(held).of([]), 'acknowledge', { by: 'ana' })).toMatchObject({ episode: 1 });
    await user.send(held.clientId, { m: 'a', t: 70 });
    await vi.waitFor(
      () => expect(alertsOfHeld.map(({ data }) => data.status)).toEqual(['firing', 'acknowledged', 'resolved']),
      PATIENT,
    );
    expect([...old.failures, ...current.failures]).toEqual([]);
  },
);
