import {
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type SpanContext,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { Log } from '../log.ts';

/** A span that has started. */
export interface OpenSpan {
  /** W3C Trace Context of this span, for child spans. */
  traceparent: string;
  /** Ends the span; `failure` marks it as failed. */
  end(failure?: string): void;
}

export interface Tracing {
  /** Starts a span in an existing trace. `startMs`: epoch ms, default now. */
  begin(name: string, traceparent: string, attributes: Attributes, startMs?: number): OpenSpan;
  /** Sends the remaining spans. */
  stop(): Promise<void>;
}

/**
 * Sends spans with OTLP over HTTP to `endpoint`, such as `http://localhost:4318`. The senders of events start and
 * sample traces; vigil starts none.
 */
export const otlpTracing = (endpoint: string, log: Log): Tracing =>
  createTracing(
    new BatchSpanProcessor(
      loggingFailures(new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` }), log),
    ),
  );

/** Wraps an exporter: logs a warning when it starts to fail. */
function loggingFailures(exporter: SpanExporter, log: Log): SpanExporter {
  let fails = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const { error } = result;
        if (error !== undefined && !fails)
          log.warn({ err: error, lost: spans.length }, 'traces cannot be sent and are dropped');
        fails = error !== undefined;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}

export function createTracing(processor: SpanProcessor): Tracing {
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'vigil' }),
    sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }),
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer('vigil');
  return {
    begin(name, traceparent, attributes, startMs = Date.now()) {
      const span = tracer.startSpan(name, { attributes, startTime: startMs }, contextOf(traceparent));
      return {
        traceparent: traceparentOf(span.spanContext()),
        end(failure) {
          if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
          span.end();
        },
      };
    },
    stop: () => provider.shutdown(),
  };
}

function contextOf(traceparent: string): Context {
  const [, traceId = '', spanId = '', flags = '00'] = traceparent.split('-');
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote: true,
  });
}

const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`;
