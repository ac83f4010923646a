import { connectNats } from '../nats/connection/connection.ts';
import { createEventArchive } from '../nats/events/event-archive.ts';
import type { EventArchive } from '../cli/ports.ts';

/** Opens the event stream of a NATS server for reading. `eventId`: see VIGIL_EVENT_ID. @throws VigilError NATS_UNREACHABLE */
export async function openEventArchive(natsUrl: string, eventId?: string): Promise<EventArchive> {
  const nats = await connectNats(natsUrl, 'vigil backtest');
  return {
    ...createEventArchive({ nats, jsm: await nats.jetstreamManager({ checkAPI: false }), eventId }),
    close: () => nats.close(),
  };
}
