import type { VigilEvent } from '../../core/model/event/event.ts';
import type { EventTraces } from '../../ingest/ports.ts';
import type { Tracing } from './tracing.ts';

/**
 * Spans `vigil.event` for events with a trace: from reading the event until Temporal has accepted all its deliveries.
 */
export function eventSpans(tracing: Pick<Tracing, 'begin'>): EventTraces {
  return {
    begin: ({ clientId, type, sequence }: VigilEvent, traceparent) =>
      tracing.begin('vigil.event', traceparent, {
        'vigil.client_id': clientId,
        'vigil.event_type': type,
        'vigil.event_sequence': sequence,
      }),
  };
}
