import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { ALERT_BYTES_MAX } from '../../../src/core/alerts/envelope.ts';
import { LIMITS } from '../../../src/core/primitives/limits.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { largestEvents } from '../../support/workflows/payloads.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
const CLIENT = 'large-01';
/** Few, so that state, outbox and inbox are passed to a new run often. */
const SIGNALS_PER_RUN = 4;
/** Temporal's limit is 2 MB. */
const LARGEST_PAYLOAD_BYTES = 1_400_000;
const WITHIN = { timeout: 60_000, interval: 50 };

let vigil: TestVigil;
let user: NatsUser;
let temporal: Client;
beforeAll(async () => {
  [vigil, user, temporal] = await Promise.all([
    startVigil({ servers, signalsPerRun: SIGNALS_PER_RUN }),
    connectUser(servers.natsUrl),
    connectTemporal(servers.temporalAddress, 'default'),
  ]);
});
afterAll(async () => {
  await vigil.stop();
  await user.close();
  await temporal.connection.close();
});

const stopped = { calc: 'latest', property: 'state', equals: 'stopped' };
const rule = (id: string, more: object) => ({
  id,
  clientId: CLIENT,
  where: [{ property: 'type', equals: id }],
  partitionBy: ['machineId'],
  evaluate: { type: 'each', having: stopped },
  ...more,
});
const labels = (count: number, length: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`label-${index}`, 'x'.repeat(length)]));
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('a large rule', () => {
  it('with too large labels is rejected with the size and the limit', async () => {
    const answer = await fetch(`${vigil.app.url}/api/clients/${CLIENT}/rules/labels`, {
      method: 'PUT',
      body: JSON.stringify(rule('labels', { labels: labels(400, 250) })),
    });
    expect(answer.status).toBe(400);
    const message =
      'have 105891 bytes of JSON in total; the maximum is 16384, because every alert has a copy: use fewer or shorter labels';
    expect(await answer.json()).toMatchObject({
      code: 'RULE_INVALID',
      fields: { issues: [{ path: 'labels', message }] },
    });
  });

  it('with a long name and list starts, and its title in Temporal is truncated', async () => {
    const name = '温'.repeat(200);
    const list = Array.from({ length: LIMITS.listEntries }, (_, index) => `${index}${'温'.repeat(30)}`);
    const long = parseRule(
      rule('long', { name, evaluate: { type: 'any', having: { calc: 'latest', property: 'state', in: list } } }),
    );
    await vigil.put(long);
    const seen = await user.listen(CLIENT, 'long');
    await user.send(CLIENT, { machineId: 'm1', state: list[7] }, 'long');
    await vi.waitFor(() => expect(seen.map(({ data }) => data.message)).toEqual([`${name}: firing`]), WITHIN);
    const { raw } = await temporal.workflow.getHandle(`${CLIENT}/rules/long/type=long`).describe();
    const title = JSON.parse(Buffer.from(raw.executionConfig?.userMetadata?.summary?.data ?? []).toString()) as string;
    expect(title).toMatch(/^large-01: 温{50,}…$/);
  });

  it('with maximum alert size has all of its alerts published', async () => {
    const MACHINES = 60;
    const properties = Array.from({ length: LIMITS.keyProperties }, (_, index) => `${index}${'機'.repeat(200)}`);
    const widest = parseRule(
      rule('largest', {
        name: '温'.repeat(200),
        partitionBy: properties,
        labels: labels(60, 256),
        message: `{{name}}${properties
          .map((property) => `{{partition.${property}}}`)
          .join('')
          .slice(0, 900)}`.replace(/\{\{[^}]*$/, ''),
      }),
    );
    await vigil.put(widest);
    const seen = await user.listen(CLIENT, 'largest');
    const machine = (index: number) =>
      Object.fromEntries(properties.map((property) => [property, `${index}-${'温'.repeat(250)}`]));
    await Promise.all(
      Array.from({ length: MACHINES }, (_, index) =>
        user.send(CLIENT, { ...machine(index), state: 'stopped' }, 'largest'),
      ),
    );
    await vi.waitFor(() => expect(new Set(seen.map(({ id }) => id)).size).toBe(MACHINES), WITHIN);
    expect(seen).toHaveLength(MACHINES);
    const sizes = seen.map(bytesOf);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(ALERT_BYTES_MAX);
    expect(Math.min(...sizes)).toBeGreaterThan(40_000);
    // Separate events make the set cross several runs while alerts are being published.
    for (let index = 0; index < 3 * SIGNALS_PER_RUN; index++) {
      await user.send(CLIENT, { ...machine(index), state: 'running' }, 'largest');
      await vi.waitFor(() => expect(new Set(seen.map(({ id }) => id)).size).toBe(MACHINES + index + 1), WITHIN);
    }
    const [largest, ...others] = await largestEvents(temporal, `ClientId='${CLIENT}'`);
    expect(largest?.bytes).toBeLessThan(LARGEST_PAYLOAD_BYTES);
    expect([largest, ...others].map((each) => each?.event)).toContain('workflowExecutionContinuedAsNewEventAttributes');
    expect(vigil.failures).toEqual([]);
  });
});
