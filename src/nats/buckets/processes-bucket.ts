import type { NatsConnection } from 'nats';
import type { VigilProcess } from '../../api/ports/service.ts';
import { PROCESSES_BUCKET } from '../connection/topology.ts';
import { orUnreachable } from '../connection/unreachable.ts';

export type Heartbeat = Omit<VigilProcess, 'lastSeenAt'>;

export interface ProcessesBucket {
  beat(process: Heartbeat): Promise<void>;
  leave(id: string): Promise<void>;
  /** Oldest start first. @throws VigilError NATS_UNREACHABLE */
  list(): Promise<VigilProcess[]>;
}

/** A process that does not say that it leaves is listed for so long. */
const TTL_MS = 60_000;
/** Far more than anybody runs; a process that starts again and again leaves some behind. */
const MAX_PROCESSES = 200;

/** Heartbeats of vigil's processes in a NATS KV bucket, by id. */
export async function openProcesses(nats: NatsConnection): Promise<ProcessesBucket> {
  const kv = await nats.jetstream().views.kv(PROCESSES_BUCKET, { history: 1, ttl: TTL_MS });
  return {
    async beat(process) {
      await kv.put(process.id, JSON.stringify(process));
    },
    leave: (id) => kv.delete(id),
    list: () =>
      orUnreachable(async () => {
        const ids: string[] = [];
        for await (const id of await kv.keys()) if (ids.length < MAX_PROCESSES) ids.push(id);
        const entries = await Promise.all(ids.map((id) => kv.get(id)));
        return entries
          .flatMap((entry) =>
            entry?.operation === 'PUT' ? [{ ...entry.json<Heartbeat>(), lastSeenAt: entry.created.toISOString() }] : [],
          )
          .sort((a, b) => a.startedAt.localeCompare(b.startedAt));
      }),
  };
}
