import { connect, DiscardPolicy, type NatsConnection } from 'nats';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client } from '@temporalio/client';
import type { HealthReport } from '../../../src/api/ports/service.ts';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { valueOf } from '../../support/metrics/prometheus-text.ts';
import { startTestServers, type TestServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

/** Degraded reasons appear within a minute. */
const SEEN = { timeout: 60_000, interval: 200 };
/** Later attempts of a failing task run into this timeout; default 10 s. */
const TASK_TIMEOUT_MS = 5_000;

let servers: TestServers;
let nats: NatsConnection;
let temporal: Client;
let vigil: TestVigil;
beforeAll(async () => {
  servers = await startTestServers();
  nats = await connect({ servers: servers.natsUrl });
  temporal = await connectTemporal(servers.temporalAddress, 'default');
});
afterAll(async () => {
  await nats.close();
  await temporal.connection.close();
  await servers.stop();
});
beforeEach(async () => {
  vigil = await startVigil({ servers });
});
afterEach(() => vigil.stop());

const health = async (): Promise<{ status: number; report: HealthReport }> => {
  const answer = await fetch(`${vigil.app.url}/healthz`);
  return { status: answer.status, report: (await answer.json()) as HealthReport };
};
const metric = async (name: string, labels: Record<string, string>): Promise<number | undefined> =>
  valueOf(await (await fetch(`${vigil.app.url}/metrics`)).text(), name, labels);

/** Makes a stream with a message reject further ones. Returns a function that undoes it. */
async function takeNoMore(stream: string): Promise<() => Promise<unknown>> {
  const { streams } = await nats.jetstreamManager();
  const { config, state } = await streams.info(stream);
  await streams.update(stream, { ...config, discard: DiscardPolicy.New, max_msgs: state.messages });
  return () => streams.update(stream, { ...config, max_msgs: -1 });
}

describe('vigil with all parts up is degraded', () => {
  it('while the task of a workflow fails, with the workflow and advice', async () => {
    const workflowId = 'client-01/rules/gone/x';
    const handle = await temporal.workflow.start('aTypeOfALaterVersion', {
      taskQueue: 'vigil-v1',
      workflowId,
      workflowTaskTimeout: TASK_TIMEOUT_MS,
    });
    await vi.waitFor(async () => expect((await health()).report.status).toBe('degraded'), SEEN);
    expect(await health()).toMatchObject({
      status: 200,
      report: {
        parts: { worker: { state: 'degraded' }, subscriber: { state: 'up' } },
        reasons: [
          { part: 'worker', code: 'WORKFLOW_BUG', fields: { clientId: 'client-01', ruleId: 'gone', workflowId } },
        ],
        reasonCount: 1,
      },
    });
    expect(await metric('vigil_degraded_reasons', { code: 'WORKFLOW_BUG' })).toBe(1);
    expect(await metric('vigil_part_up', { part: 'worker' })).toBe(1);
    expect(
      await metric('vigil_workflow_task_failures_total', { cause: 'bug', client: 'client-01', rule: 'gone' }),
    ).toBeGreaterThanOrEqual(2);
    expect(vigil.complaints.find((line) => line.includes(`Tasks of workflow ${workflowId} fail`))).toContain(
      'report the text',
    );
    await handle.terminate();
  });

  it('while the stream rejects alerts, and ok afterwards', async () => {
    await fetch(`${vigil.app.url}/api/clients/client-02/test-alert`, { method: 'POST' });
    const raiseLimit = await takeNoMore('ALERTS');
    await vigil.put(
      parseRule({
        id: 'any-event',
        clientId: 'client-02',
        where: [{ property: 'type', equals: 'status' }],
        evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
      }),
    );
    await nats.jetstream().publish('events.client-02.status', JSON.stringify({ state: 'stopped' }));

    await vi.waitFor(async () => expect((await health()).report.status).toBe('degraded'), SEEN);
    const { status, report } = await health();
    expect(status).toBe(200);
    expect(report.reasons).toMatchObject([
      {
        part: 'worker',
        code: 'ALERTS_NOT_PUBLISHED',
        message: expect.stringMatching(/maximum messages exceeded \(10077\).*nats stream info ALERTS/) as string,
      },
    ]);
    expect(await metric('vigil_alert_publish_failures_total', { reason: 'refused' })).toBeGreaterThanOrEqual(1);
    expect(vigil.complaints.filter((line) => line.includes('Alerts cannot be published'))).toHaveLength(1);

    await raiseLimit();
    await vi.waitFor(async () => expect((await health()).report).toMatchObject({ status: 'ok', reasons: [] }), SEEN);
    expect(await metric('vigil_alerts_published_total', { status: 'firing' })).toBe(1);
  });

  it('while dead letters cannot be stored', async () => {
    await nats.jetstream().publish('deadletter.client-03', 'an old one');
    const raiseLimit = await takeNoMore('DEADLETTERS');
    await nats.jetstream().publish('events.client-03.status', 'no JSON');
    await vi.waitFor(
      async () =>
        expect((await health()).report.reasons).toMatchObject([
          { part: 'subscriber', code: 'DEAD_LETTERS_NOT_STORED' },
        ]),
      SEEN,
    );
    expect(await metric('vigil_dead_letter_failures_total', { reason: 'refused' })).toBeGreaterThanOrEqual(1);
    await raiseLimit();
    await vi.waitFor(async () => expect((await health()).report.status).toBe('ok'), SEEN);
  });
});
