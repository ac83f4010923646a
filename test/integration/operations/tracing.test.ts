import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { headers } from 'nats';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { connectUser, type NatsUser } from '../../support/nats/nats-user.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

interface SentSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
}
interface OtlpBody {
  resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[];
}

const servers = await fileServers();
const PATIENT = { timeout: 20_000, interval: 50 };
const traceparent = (traceId: string): string => `00-${traceId}-b7ad6b7169203331-01`;

const spans: SentSpan[] = [];
let collector: Server;
let vigil: TestVigil;
let user: NatsUser;
beforeAll(async () => {
  collector = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { resourceSpans } = JSON.parse(Buffer.concat(parts).toString()) as OtlpBody;
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` };
  [vigil, user] = await Promise.all([startVigil({ servers, env }), connectUser(servers.natsUrl)]);
});
afterAll(async () => {
  await vigil.stop();
  await user.close();
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
});

const rule = parseRule({
  id: 'any-stopped',
  clientId: 'traced',
  where: [{ property: 'type', equals: 'status' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
});

it.each([
  ['the CloudEvents attribute', '0af7651916cd43dd8448eb211c80319c', 'envelope'],
  ['the NATS header', '1bf7651916cd43dd8448eb211c80319d', 'header'],
])('a trace in %s of an event continues to the alert', async (_where, traceId, way) => {
  const alerts = await user.listen('traced', rule.id);
  await vigil.put(rule);
  const data = { machineId: way, state: 'stopped' };
  if (way === 'envelope') {
    await user.send('traced', {
      specversion: '1.0',
      id: '1',
      source: '/line-1',
      type: 'status',
      traceparent: traceparent(traceId),
      data,
    });
  } else {
    const header = headers();
    header.set('traceparent', traceparent(traceId));
    await user.connection.jetstream().publish('events.traced.status', JSON.stringify(data), { headers: header });
  }
  await vi.waitFor(() => expect(alerts).toHaveLength(1), PATIENT);
  const span = (name: string): SentSpan | undefined =>
    spans.find((each) => each.traceId === traceId && each.name === name);
  await vi.waitFor(() => expect([span('vigil.event'), span('vigil.alert')]).not.toContain(undefined), PATIENT);
  expect(span('vigil.event')?.parentSpanId).toBe('b7ad6b7169203331');
  expect(span('vigil.alert')?.parentSpanId).toBe(span('vigil.event')?.spanId);
  expect(alerts[0]?.traceparent).toBe(`00-${traceId}-${span('vigil.alert')?.spanId}-01`);
  await user.send('traced', { machineId: way, state: 'running' });
  await vi.waitFor(() => expect(alerts).toHaveLength(2), PATIENT);
  expect(alerts[1]).not.toHaveProperty('traceparent');
});
