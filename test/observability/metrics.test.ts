import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HealthReport } from '../../src/api/ports/service.ts';
import type { AuditEntry } from '../../src/core/model/access/audit.ts';
import { degraded } from '../../src/core/health/degraded.ts';
import { laneOf } from '../../src/core/matching/lane.ts';
import type { PartitionSetsClient } from '../../src/temporal/client/partition-sets-client.ts';
import { AuditRetry } from '../../src/nats/audit/audit-retry.ts';
import { measuredAudit } from '../../src/observability/metrics/measured-audit.ts';
import { measuredDeadLetters } from '../../src/observability/metrics/measured-dead-letters.ts';
import { measuredPublisher } from '../../src/observability/metrics/measured-publisher.ts';
import { measuredPartitionSets } from '../../src/observability/metrics/measured-sets.ts';
import { createMetrics, type Metrics } from '../../src/observability/metrics/metrics.ts';
import type { PublishWatch } from '../../src/observability/metrics/publish-watch.ts';
import { createSubscriberMetrics, TENANTS_SHOWN } from '../../src/observability/metrics/subscriber-metrics.ts';
import { watchParts } from '../../src/observability/metrics/watch-parts.ts';
import { watchWorkflows } from '../../src/observability/metrics/watch-workflows.ts';
import { alertOf, machineRule } from '../api/fakes/fake-ports.ts';
import { parsePrometheusText, valueOf } from '../support/metrics/prometheus-text.ts';

let metrics: Metrics;
beforeEach(() => {
  metrics = createMetrics();
});
const read = async (name: string, labels?: Record<string, string>) => valueOf(await metrics.text(), name, labels);
const series = async (name: string): Promise<unknown[]> => {
  const samples = parsePrometheusText(await metrics.text()).get(name)?.samples ?? [];
  return samples.map(({ labels, value }) => [...Object.values(labels), value]);
};

/** A watch that records its calls. */
function watched() {
  const calls: string[] = [];
  const watch: PublishWatch = {
    failed(of, error) {
      calls.push(`${of} failed: ${String(error)}`);
      return 'refused';
    },
    succeeded: (of) => void calls.push(`${of} succeeded`),
  };
  return { calls, watch };
}

describe('the subscriber', () => {
  it('counts what it reads and matches', async () => {
    const subscriber = createSubscriberMetrics(metrics);
    for (const lane of ['0', '1', '1']) subscriber.eventRead(lane);
    for (const deliveries of [3, 0]) subscriber.routed(deliveries);
    expect(await series('vigil_events_read_total')).toEqual([
      ['0', 1],
      ['1', 2],
    ]);
    expect(await read('vigil_events_matched_total')).toBe(3);
  });

  it('counts accepted deliveries, and every signal by its result', async () => {
    const subscriber = createSubscriberMetrics(metrics);
    subscriber.signalled({ events: 40, seconds: 0.3, result: 'refused' });
    subscriber.signalled({ events: 40, seconds: 0.02, result: 'accepted' });
    subscriber.signalled({ events: 0, seconds: 0.02, result: 'accepted' });
    expect(await read('vigil_events_delivered_total')).toBe(40);
    expect(await series('vigil_signals_total')).toEqual([
      ['accepted', 2],
      ['refused', 1],
    ]);
    expect(await read('vigil_signal_seconds_bucket', { le: '0.025' })).toBe(2);
    expect(await read('vigil_batch_events_count')).toBe(1);
    expect(await read('vigil_batch_events_sum')).toBe(40);
  });

  it('measures signals and passes on their failures', async () => {
    const refused = new Error('busy');
    const sent = vi.fn(() => Promise.resolve());
    const sendEvents = vi.fn(() => Promise.resolve()).mockRejectedValueOnce(refused);
    const client = {
      sendEvents,
      sendRule: sent,
      changeRule: sent,
      end: sent,
    } as Partial<PartitionSetsClient> as PartitionSetsClient;
    const sets = measuredPartitionSets(client, createSubscriberMetrics(metrics));
    const [place, stored] = [
      { setId: 'client-01/rules/hot/x', group: [], startedAtMs: 0 },
      { rule: machineRule('client-01', 'hot'), version: 1, storedAtMs: 0 },
    ];
    const batch = { version: 1, events: [1, 2, 3].map((seq) => ({ seq, time: 0, at: 0, data: {} })) };
    await expect(sets.sendEvents(place, stored, batch)).rejects.toBe(refused);
    await sets.sendEvents(place, stored, batch);
    await sets.sendRule(place, stored);
    await sets.changeRule(place.setId, stored);
    await sets.end(place.setId, { reason: 'ruleDeleted', atMs: 0, version: 1 });
    expect(sendEvents).toHaveBeenLastCalledWith(place, stored, batch);
    expect(await series('vigil_signals_total')).toEqual([
      ['accepted', 4],
      ['refused', 1],
    ]);
    expect(await read('vigil_signal_seconds_count')).toBe(5);
    expect(await read('vigil_events_delivered_total')).toBe(3);
  });

  it('counts stored dead letters and reports failures', async () => {
    const publish = vi.fn(() => Promise.resolve()).mockRejectedValueOnce(new Error('no room'));
    const { calls, watch } = watched();
    const deadLetters = measuredDeadLetters({ publish: publish }, metrics, watch);
    const message = {
      subject: 'events.client-01.status',
      sequence: 1,
      storedAtMs: 0,
      bytes: new Uint8Array(),
      left: 0,
    };
    await expect(deadLetters.publish(message, 'client-01', 'json', 'no JSON')).rejects.toThrow('no room');
    expect(await read('vigil_dead_letters_total', { reason: 'json' })).toBe(0);
    expect(await read('vigil_dead_letter_failures_total', { reason: 'refused' })).toBe(1);
    await deadLetters.publish(message, 'client-01', 'json', 'no JSON');
    expect(await read('vigil_dead_letters_total', { reason: 'json' })).toBe(1);
    expect(calls).toEqual(['client-01 failed: Error: no room', 'client-01 succeeded']);
  });

  it('counts entries of the audit that are not stored, and logs them; nobody is told that a change has failed', async () => {
    const write = vi.fn(() => Promise.resolve()).mockRejectedValueOnce(new Error('no room'));
    const { calls, watch } = watched();
    const error = vi.fn();
    const info = vi.fn();
    const log = { info, warn: vi.fn(), error };
    const audit = measuredAudit((watched) => new AuditRetry({ write, ...watched }), metrics, watch, log);
    const entry: AuditEntry = {
      ...{ at: '2026-01-01T00:00:00.000Z', by: 'ana', from: { channel: 'api', address: null } },
      ...{ action: 'deleteRule', clientId: 'client-01', ruleId: 'hot', result: 'ok' },
    };
    await audit.record(entry);
    expect(await read('vigil_audit_waiting')).toBe(1);
    await audit.record({ ...entry, clientId: null });
    expect(await read('vigil_audit_failures_total', { reason: 'refused' })).toBe(1);
    expect(error.mock.calls).toMatchObject([[{ audit: entry }, expect.stringContaining('AUDIT')]]);
    await vi.waitFor(() => expect(info.mock.calls).toMatchObject([[{ audit: entry }, expect.any(String)]]));
    expect(await read('vigil_audit_waiting')).toBe(0);
    expect([...new Set(calls)]).toEqual(['vigil failed: Error: no room', 'vigil succeeded']);
  });

  it('exports held sets by lane, and the longest time', async () => {
    const [lanes, nowMs] = [8, Date.now()];
    let held = ['client-01', 'client-01', 'client-02'].map((clientId, n) => ({
      workflowId: `${clientId}/rules/r${n}/x`,
      sinceMs: nowMs - n * 60_000,
      waitingBytes: null,
    }));
    createSubscriberMetrics(metrics).held(() => held, lanes);
    expect(await read('vigil_partition_sets_held', { lane: String(laneOf('client-01', lanes)) })).toBe(2);
    expect(await read('vigil_partition_sets_held', { lane: String(laneOf('client-02', lanes)) })).toBe(1);
    const seconds = await read('vigil_partition_set_held_seconds');
    expect(seconds).toBeGreaterThanOrEqual(120);
    expect(seconds).toBeLessThan(180);
    held = [];
    expect((await series('vigil_partition_sets_held')).length).toBe(lanes);
    expect(await read('vigil_partition_sets_held', { lane: String(laneOf('client-01', lanes)) })).toBe(0);
    expect(await read('vigil_partition_set_held_seconds')).toBe(0);
  });

  it('exports the number of paused rules', async () => {
    let paused = 3;
    createSubscriberMetrics(metrics).paused(() => paused);
    expect(await read('vigil_rules_paused')).toBe(3);
    paused = 0;
    expect(await read('vigil_rules_paused')).toBe(0);
  });

  it('exports the lag of its current lanes only', async () => {
    let lanes = [
      { lane: '0', messages: 12, seconds: 1.5, aside: 2 },
      { lane: '1', messages: 0, seconds: 0, aside: 0 },
    ];
    createSubscriberMetrics(metrics).lag(() => lanes);
    expect(await read('vigil_lanes_owned')).toBe(2);
    expect(await series('vigil_lane_lag_messages')).toEqual([
      ['0', 12],
      ['1', 0],
    ]);
    expect(await series('vigil_lane_tenants_aside')).toEqual([
      ['0', 2],
      ['1', 0],
    ]);
    lanes = [{ lane: '1', messages: 3, seconds: 0.2, aside: 0 }];
    expect(await series('vigil_lane_lag_messages')).toEqual([['1', 3]]);
    expect(await series('vigil_lane_lag_seconds')).toEqual([['1', 0.2]]);
    expect(await read('vigil_lanes_owned')).toBe(1);
  });

  it('exports only the clients with the most waiting events', async () => {
    let tenants = Array.from({ length: 1_000 }, (_, waiting) => ({ clientId: `client-${waiting}`, waiting }));
    createSubscriberMetrics(metrics).tenants(() => tenants);
    const worst = Array.from({ length: TENANTS_SHOWN }, (_, rank) => [`client-${999 - rank}`, 999 - rank]);
    expect(await series('vigil_tenant_waiting_events')).toEqual(worst);
    tenants = [
      { clientId: 'client-1', waiting: 0 },
      { clientId: 'client-2', waiting: 5 },
    ];
    expect(await series('vigil_tenant_waiting_events')).toEqual([['client-2', 5]]);
  });

  it('counts a failing source without affecting others', async () => {
    createSubscriberMetrics(metrics).lag(() => {
      throw new Error('stopped');
    });
    expect(await read('vigil_collect_failures_total', { source: 'lanes' })).toBe(1);
    expect(await read('vigil_collect_failures_total', { source: 'lanes' })).toBe(2);
  });
});

describe('publishing alerts', () => {
  const firing = (evaluatedAt = new Date().toISOString()) =>
    alertOf({ clientId: 'client-01', ruleId: 'hot', evaluatedAt });

  it('is counted by status and measured with the delay of each alert', async () => {
    const publish = vi.fn(() => Promise.resolve());
    const batch = [
      firing(new Date(Date.now() - 20_000).toISOString()),
      firing(),
      alertOf({ clientId: 'client-01', ruleId: 'hot', status: 'resolved' }),
    ];
    await measuredPublisher({ publish }, metrics, watched().watch).publish(batch, 0);
    expect(publish).toHaveBeenCalledExactlyOnceWith(batch, 0);
    expect(await read('vigil_alerts_published_total', { status: 'firing' })).toBe(2);
    expect(await read('vigil_alerts_published_total', { status: 'resolved' })).toBe(1);
    expect(await read('vigil_alert_publish_seconds_count')).toBe(1);
    expect(await read('vigil_alert_delay_seconds_bucket', { le: '10' })).toBe(2);
    expect(await read('vigil_alert_delay_seconds_bucket', { le: '30' })).toBe(3);
  });

  it('has no negative delay', async () => {
    await measuredPublisher({ publish: () => Promise.resolve() }, metrics, watched().watch).publish(
      [firing(new Date(Date.now() + 60_000).toISOString())],
      0,
    );
    expect(await read('vigil_alert_delay_seconds_sum')).toBe(0);
  });

  it('is not late because its rule tolerates late events', async () => {
    const publisher = measuredPublisher({ publish: () => Promise.resolve() }, metrics, watched().watch);
    await publisher.publish([firing(new Date(Date.now() - 3_600_000).toISOString())], 3_600_000);
    expect(await read('vigil_alert_delay_seconds_bucket', { le: '10' })).toBe(1);
  });

  it('passes on failures, counts them by reason, and reports them by rule', async () => {
    const refused = new Error('no room');
    const publish = vi.fn(() => Promise.resolve()).mockRejectedValueOnce(refused);
    const { calls, watch } = watched();
    const publisher = measuredPublisher({ publish }, metrics, watch);
    await expect(publisher.publish([firing()], 0)).rejects.toBe(refused);
    expect(await series('vigil_alert_publish_failures_total')).toEqual([
      ['no-answer', 0],
      ['refused', 1],
      ['other', 0],
    ]);
    expect(await read('vigil_alerts_published_total', { status: 'firing' })).toBe(0);
    await publisher.publish([firing()], 0);
    expect(calls).toEqual(['client-01/hot failed: Error: no room', 'client-01/hot succeeded']);
  });
});

describe('running workflows', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  it('are counted at most every 15 seconds', async () => {
    const count = vi.fn(() => Promise.resolve({ inactive: 5, pending: 0, firing: 2 }));
    watchWorkflows(metrics, count);
    await metrics.text();
    vi.setSystemTime(Date.now() + 14_999);
    expect(await series('vigil_workflows_running')).toEqual([
      ['inactive', 5],
      ['pending', 0],
      ['firing', 2],
    ]);
    expect(count).toHaveBeenCalledTimes(1);
    vi.setSystemTime(Date.now() + 1);
    await metrics.text();
    expect(count).toHaveBeenCalledTimes(2);
  });

  it('are removed if Temporal does not answer', async () => {
    const count = vi.fn(() => Promise.resolve({ inactive: 5, pending: 0, firing: 2 }));
    watchWorkflows(metrics, count);
    await metrics.text();
    vi.setSystemTime(Date.now() + 15_000);
    count.mockRejectedValueOnce(new Error('no answer'));
    expect(await series('vigil_workflows_running')).toEqual([]);
    expect(await read('vigil_collect_failures_total', { source: 'workflows' })).toBe(1);
  });
});

describe('health', () => {
  const reasons = [
    { part: 'worker', ...degraded('WORKFLOW_BUG', 'Tasks fail.', 0) },
    { part: 'worker', ...degraded('WORKFLOW_BUG', 'Tasks fail.', 0) },
  ];
  const report: HealthReport = {
    status: 'down',
    parts: {
      nats: { state: 'up' },
      worker: { state: 'degraded' },
      alerts: { state: 'starting' },
      subscriber: { state: 'down' },
      simulator: { state: 'off' },
    },
    reasons: [],
    reasonCount: 2,
  };

  it('exports whether parts are up, also if degraded, without disabled parts', async () => {
    watchParts(metrics, { report: () => report, reasons: () => reasons });
    expect(await series('vigil_part_up')).toEqual([
      ['nats', 1],
      ['worker', 1],
      ['alerts', 0],
      ['subscriber', 0],
    ]);
  });

  it('counts degraded reasons by code, and resets past ones', async () => {
    let now = reasons;
    watchParts(metrics, { report: () => report, reasons: () => now });
    expect(await read('vigil_degraded_reasons', { code: 'WORKFLOW_BUG' })).toBe(2);
    expect(await read('vigil_degraded_reasons', { code: 'SET_HELD' })).toBe(0);
    now = [];
    expect(await read('vigil_degraded_reasons', { code: 'WORKFLOW_BUG' })).toBe(0);
  });
});

it('two vigils in one process have separate metrics', async () => {
  const other = createMetrics();
  createSubscriberMetrics(metrics).routed(7);
  expect(valueOf(await other.text(), 'vigil_events_matched_total')).toBe(0);
  expect(await read('vigil_events_matched_total')).toBe(7);
});
