import { describe, expect, test } from 'vitest';
import { numbersOf, withReading, type Reading } from '../../../../src/console/system/health/numbers.ts';
import { readSamples } from '../../../../src/console/system/health/samples.ts';
import { METRICS } from '../../../../src/observability/metrics/table.ts';
import { createMetrics } from '../../../../src/observability/metrics/metrics.ts';
import { parsePrometheusText } from '../../../support/metrics/prometheus-text.ts';

const reading = (atMs: number, text: string): Reading => ({ atMs, samples: readSamples(text) });

describe('the samples of a text of metrics', () => {
  test('are those of vigil, as a full parser reads them, without buckets', async () => {
    const metrics = createMetrics();
    metrics.laneLagMessages.set({ lane: '3' }, 17);
    metrics.tenantWaiting.set({ client: 'client-01' }, 2);
    metrics.signalSeconds.observe(0.2);
    const text = await metrics.text();
    const expected = [...parsePrometheusText(text).values()]
      .flatMap(({ samples }) => samples)
      .filter(({ name }) => name.startsWith('vigil_') && !name.endsWith('_bucket'));
    expect(readSamples(text)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(20);
  });
});

describe('the numbers', () => {
  const BEFORE = reading(
    0,
    `vigil_events_read_total{lane="0"} 100
vigil_events_read_total{lane="1"} 50
vigil_signals_total{result="accepted"} 10
vigil_signals_total{result="refused"} 0
vigil_alerts_published_total{status="firing"} 1
vigil_alerts_published_total{status="resolved"} 1`,
  );
  const NOW = reading(
    10_000,
    `vigil_events_read_total{lane="0"} 150
vigil_events_read_total{lane="1"} 100
vigil_signals_total{result="accepted"} 30
vigil_signals_total{result="refused"} 1
vigil_alerts_published_total{status="firing"} 2
vigil_alerts_published_total{status="resolved"} 2
vigil_lane_lag_messages{lane="10"} 0
vigil_lane_lag_messages{lane="1"} 5
vigil_lane_lag_seconds{lane="1"} 2.5
vigil_lane_tenants_aside{lane="1"} 1
vigil_partition_sets_held{lane="1"} 2
vigil_rules_paused 3
vigil_workflows_running{status="firing"} 4
vigil_tenant_waiting_events{client="few"} 1
vigil_tenant_waiting_events{client="none"} 0
vigil_tenant_waiting_events{client="many"} 9`,
  );

  test('need a reading, and rates two', () => {
    expect(numbersOf([])).toBeNull();
    expect(numbersOf([BEFORE])).toMatchObject({ eventsPerSecond: null, alertsPerMinute: null, lanes: [] });
  });

  test('are rates of counters, and gauges of the newest reading', () => {
    expect(numbersOf([BEFORE, NOW])).toMatchObject({
      ...{ eventsPerSecond: 10, signalsPerSecond: 2, refusedPerMinute: 6, alertsPerMinute: 12, rulesPaused: 3 },
      workflows: [{ status: 'firing', count: 4 }],
      waiting: [
        { clientId: 'many', events: 9 },
        { clientId: 'few', events: 1 },
      ],
    });
  });

  test('list the lanes in order', () => {
    expect(numbersOf([BEFORE, NOW])?.lanes).toEqual([
      { lane: '1', lagMessages: 5, lagSeconds: 2.5, eventsPerSecond: 5, parkedClients: 1, heldSets: 2 },
      { lane: '10', lagMessages: 0, lagSeconds: 0, eventsPerSecond: 0, parkedClients: 0, heldSets: 0 },
    ]);
  });

  test('have no rate if the counters have begun anew', () => {
    expect(numbersOf([NOW, { ...BEFORE, atMs: 20_000 }])?.eventsPerSecond).toBeNull();
  });

  test('are over the last minute', () => {
    const at = (atMs: number): Reading => ({ atMs, samples: [] });
    const readings = [0, 30_000, 60_000, 61_000].map(at).reduce<Reading[]>(withReading, []);
    expect(readings.map(({ atMs }) => atMs)).toEqual([30_000, 60_000, 61_000]);
  });

  test('read metrics that vigil has', () => {
    const names = new Set<string>(Object.values(METRICS).map(({ name }) => name));
    for (const { name } of NOW.samples) expect(names).toContain(name);
  });
});
