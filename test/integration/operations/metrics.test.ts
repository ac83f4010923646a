import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { ALL_METRICS } from '../../support/metrics/all-metrics.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { parsePrometheusText, valueOf } from '../../support/metrics/prometheus-text.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const PATIENT = { timeout: 20_000, interval: 50 };

let vigil: TestVigil;
let user: NatsUser;
beforeAll(async () => {
  [vigil, user] = await Promise.all([startVigil({ servers }), connectUser(servers.natsUrl)]);
});
afterAll(async () => {
  await vigil.stop();
  await user.close();
});
const scrape = async (): Promise<string> => (await fetch(`${vigil.app.url}/metrics`)).text();

const rule = parseRule({
  id: 'any-stopped',
  clientId: 'measured',
  where: [{ property: 'type', equals: 'status' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
});

it('GET /metrics of a running vigil counts events from the stream to the alert', async () => {
  await vigil.put(rule);
  await user.send('measured', { machineId: 'm0', state: 'running' });
  const before = await vi.waitFor(async () => {
    const seen = await scrape();
    expect(sumOf(seen, 'vigil_events_applied_total', { client: 'measured', rule: 'any-stopped' })).toBe(1);
    return seen;
  }, PATIENT);
  const more = (page: string, name: string, labels: Record<string, string> = {}): number =>
    sumOf(page, name, labels) - sumOf(before, name, labels);
  await user.send('measured', { machineId: 'm1', state: 'running' });
  // Otherwise a busy machine can batch all of them into one signal.
  await vi.waitFor(
    async () =>
      expect(more(await scrape(), 'vigil_events_applied_total', { client: 'measured', rule: 'any-stopped' })).toBe(1),
    PATIENT,
  );
  for (const machineId of ['m1', 'm2']) await user.send('measured', { machineId, state: 'stopped' });
  await user.send('measured', { clientId: 'somebody-else' });
  await user.send('measured', { celsius: 85 }, 'temperature');

  const page = await vi.waitFor(async () => {
    const seen = await scrape();
    expect(more(seen, 'vigil_alerts_published_total', { status: 'firing' })).toBe(1);
    expect(more(seen, 'vigil_dead_letters_total', { reason: 'wrong-client' })).toBe(1);
    expect(more(seen, 'vigil_events_applied_total', { client: 'measured', rule: 'any-stopped' })).toBe(3);
    expect(more(seen, 'vigil_events_read_total')).toBe(5);
    return seen;
  }, PATIENT);
  expect(more(page, 'vigil_events_matched_total')).toBe(3);
  expect(more(page, 'vigil_events_delivered_total')).toBe(3);
  expect(more(page, 'vigil_signals_total', { result: 'accepted' })).toBeGreaterThanOrEqual(2);
  expect(more(page, 'vigil_alert_delay_seconds_count')).toBe(1);

  const families = parsePrometheusText(page);
  // Workflow counters exist only after their first increment.
  const expected = ALL_METRICS.map(({ name }) => name).filter(
    (name) => !/_(late|repeated|overflow|recovered|refused)_total$/.test(name),
  );
  for (const name of expected) expect([...families.keys()]).toContain(name);
  expect(families.get('temporal_request_total')?.samples.length).toBeGreaterThan(0);
  expect(sumOf(page, 'vigil_collect_failures_total')).toBe(0);
});

it('and has a lag of 0 for each idle lane', async () => {
  await vi.waitFor(async () => {
    const page = await scrape();
    const lanes = parsePrometheusText(page).get('vigil_lane_lag_seconds')?.samples ?? [];
    expect(lanes.length).toBe(valueOf(page, 'vigil_lanes_owned'));
    expect(lanes.length).toBeGreaterThan(0);
    expect(lanes.map(({ value }) => value)).toEqual(lanes.map(() => 0));
    expect(parsePrometheusText(page).get('vigil_tenant_waiting_events')?.samples).toEqual([]);
    expect(valueOf(page, 'vigil_part_up', { part: 'subscriber' })).toBe(1);
  }, PATIENT);
});

/** Sum of all series with these labels. */
function sumOf(page: string, name: string, labels: Record<string, string> = {}): number {
  const samples = [...parsePrometheusText(page).values()].flatMap((family) => family.samples);
  const own = samples.filter(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  );
  return own.reduce((sum, { value }) => sum + value, 0);
}
