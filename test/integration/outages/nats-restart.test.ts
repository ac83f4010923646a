import { afterAll, beforeAll, expect, it, onTestFailed, vi } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import { expectSameAlerts } from '../../support/load/expect-alerts.ts';
import { loadEvents, loadRules, newSeed, sendLoad } from '../../support/load/load.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { startTestServers, type TestServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const CLIENTS = ['outage-01', 'outage-02'];
const LATER_CLIENTS = ['outage-04', 'outage-05'];
const OUTAGES = 2;
const EVENTS_AN_OUTAGE = 600;
const SOON = { timeout: 15_000, interval: 20 };
const ALERTS_WITHIN_MS = 60_000;

let servers: TestServers;
let vigil: TestVigil;
let user: NatsUser;
beforeAll(async () => {
  servers = await startTestServers();
  [vigil, user] = await Promise.all([startVigil({ servers }), connectUser(servers.natsUrl)]);
});
afterAll(async () => {
  await vigil.stop();
  await user.close();
  await servers.stop();
});

const health = async (): Promise<number> => (await fetch(`${vigil.app.url}/healthz`)).status;

it('survives kill -9 of NATS under load: nothing is lost, health goes down and up, and rules take effect', async () => {
  const seed = newSeed();
  onTestFailed(() => console.error(`VIGIL_TEST_SEED=${seed}\n${vigil.complaints.join('\n')}`));
  const load = loadEvents(seed, CLIENTS);
  const rules: StoredRule[] = [];
  for (const rule of CLIENTS.flatMap(loadRules)) rules.push(await vigil.put(rule));
  await vi.waitFor(async () => expect(await health()).toBe(200), SOON);

  for (let outage = 0; outage < OUTAGES; outage++) {
    const sending = sendLoad(user, load, EVENTS_AN_OUTAGE);
    await servers.nats.kill();
    await vi.waitFor(async () => expect(await health()).toBe(503), SOON);
    await servers.nats.restart();
    await vi.waitFor(async () => expect(await health()).toBe(200), SOON);
    await sending;
  }

  // All subscriptions work again: rules, events and live alerts.
  const late = await vigil.put(
    parseRule({
      id: 'late',
      clientId: 'outage-03',
      where: [{ property: 'type', equals: 'status' }],
      evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
    }),
  );
  const shown: string[] = [];
  const end = vigil.app.live.subscribe(
    (message) => message.kind === 'alert' && shown.push(message.alert.data.clientId),
  );
  await user.send('outage-03', { state: 'stopped' });
  await vi.waitFor(() => expect(shown).toContain('outage-03'), SOON);
  end();

  await expectSameAlerts(user, [...rules, late], { withinMs: ALERTS_WITHIN_MS });
  expect(vigil.failures).toEqual([]);
});

it('keeps its lanes after NATS hangs until all requests have timed out', async () => {
  const seed = newSeed();
  onTestFailed(() => console.error(`VIGIL_TEST_SEED=${seed}\n${vigil.complaints.join('\n')}`));
  const rules: StoredRule[] = [];
  for (const rule of LATER_CLIENTS.flatMap(loadRules)) rules.push(await vigil.put(rule));
  const load = loadEvents(seed, LATER_CLIENTS);

  await sendLoad(user, load, EVENTS_AN_OUTAGE);
  const earlier = vigil.complaints.length;
  servers.nats.pause();
  // It was written nevertheless, which is visible after NATS continues.
  await vi.waitFor(() => expect(vigil.complaints.slice(earlier).join('\n')).toContain('ack floor not saved'), SOON);
  servers.nats.resume();
  await sendLoad(user, load, EVENTS_AN_OUTAGE);

  await expectSameAlerts(user, rules, { withinMs: ALERTS_WITHIN_MS, stop: () => vigil.stop() });
  expect(vigil.failures).toEqual([]);
});
