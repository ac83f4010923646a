import type { EventArchivePort } from '../../api/ports/events.ts';
import { createEventArchive } from '../../nats/events/event-archive.ts';
import { createEventLog } from '../../nats/events/event-log.ts';
import { newestEvents } from '../../nats/events/newest-events.ts';
import { orUnreachable } from '../../nats/connection/unreachable.ts';

/** What the API reads of the stored events. */
export function archivePort(source: Parameters<typeof createEventArchive>[0]): EventArchivePort {
  const archive = createEventArchive(source);
  return {
    read: (from) => orUnreachable(() => archive.read(from)),
    newest: (clientId) => orUnreachable(() => newestEvents(source, clientId)),
    extent: () => orUnreachable(() => createEventLog(source).extent()),
  };
}
