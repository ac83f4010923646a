import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { beforeEach, describe, expect, it } from 'vitest';
import { tracedPublisher } from '../../src/observability/tracing/traced-publisher.ts';
import { createTracing, type Tracing } from '../../src/observability/tracing/tracing.ts';
import type { AlertEnvelope } from '../../src/core/model/alert/alert.ts';
import { alertOf } from '../api/fakes/fake-ports.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SENDER = `00-${TRACE}-b7ad6b7169203331-01`;
const NOT_SAMPLED = `00-${TRACE}-b7ad6b7169203331-00`;

let exported: InMemorySpanExporter;
let tracing: Tracing;
beforeEach(() => {
  exported = new InMemorySpanExporter();
  tracing = createTracing(new SimpleSpanProcessor(exported));
});

describe('a span', () => {
  it("is a child of the sender's span and the parent of later ones", () => {
    const span = tracing.begin('vigil.event', SENDER, { 'vigil.client_id': 'client-01' });
    expect(span.traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
    span.end();
    const [sent] = exported.getFinishedSpans();
    expect(sent).toMatchObject({
      name: 'vigil.event',
      attributes: { 'vigil.client_id': 'client-01' },
      parentSpanContext: { traceId: TRACE, spanId: 'b7ad6b7169203331' },
    });
    expect(span.traceparent).toContain(sent?.spanContext().spanId);
    expect(sent?.resource.attributes['service.name']).toBe('vigil');
  });

  it('is not exported if the sender does not sample, but is propagated', () => {
    const span = tracing.begin('vigil.event', NOT_SAMPLED, {});
    span.end();
    expect(span.traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
    expect(exported.getFinishedSpans()).toEqual([]);
  });
});

describe('publishing alerts', () => {
  const evaluatedAt = '2026-01-01T00:00:00.000Z';
  const plain = alertOf({ clientId: 'client-01', ruleId: 'hot', evaluatedAt });
  const ofTrace: AlertEnvelope = { ...plain, traceparent: SENDER };

  it('has a span from the evaluation on, which the alert has as traceparent', async () => {
    const published: AlertEnvelope[] = [];
    const publisher = tracedPublisher({ publish: async (alerts) => void published.push(...alerts) }, tracing);
    await publisher.publish([ofTrace, plain], 0);
    const [span, ...others] = exported.getFinishedSpans();
    expect(others).toEqual([]);
    expect(span).toMatchObject({
      name: 'vigil.alert',
      startTime: [Date.parse(evaluatedAt) / 1_000, 0],
      attributes: { 'vigil.rule_id': 'hot', 'vigil.alert_status': 'firing' },
    });
    expect(published).toEqual([{ ...ofTrace, traceparent: `00-${TRACE}-${span?.spanContext().spanId}-01` }, plain]);
  });

  it('passes on failures, and the span has the reason', async () => {
    const publisher = tracedPublisher({ publish: () => Promise.reject(new Error('no room')) }, tracing);
    await expect(publisher.publish([ofTrace], 0)).rejects.toThrow('no room');
    expect(exported.getFinishedSpans()).toMatchObject([{ status: { message: 'no room' } }]);
  });
});
