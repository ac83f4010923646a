import type { KV, NatsConnection } from 'nats';
import { clientRecord, type ClientRecord } from '../../core/model/client-record.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import { isJetStreamError } from '../connection/jetstream-error.ts';
import { CLIENTS_BUCKET } from '../connection/topology.ts';
import { watchLoaded } from '../connection/watch-kv.ts';

/** Others may change a record while it is read and written; each failure is somebody's success. */
const MAX_ATTEMPTS = 50;

/** The records as they are now, in memory. */
export interface FollowedClients {
  of(clientId: string): ClientRecord;
  all(): ClientRecord[];
  stop(): void;
}

/** What vigil keeps of clients, in a NATS KV bucket by client id. A client without an entry has an empty record. */
export class ClientsBucket {
  private readonly nats: NatsConnection;
  private readonly kv: KV;

  private constructor(nats: NatsConnection, kv: KV) {
    this.nats = nats;
    this.kv = kv;
  }

  static async open(nats: NatsConnection): Promise<ClientsBucket> {
    return new ClientsBucket(nats, await nats.jetstream().views.kv(CLIENTS_BUCKET, { history: 1 }));
  }

  async get(clientId: string): Promise<ClientRecord> {
    return (await this.read(clientId)).record;
  }

  /** Stores what `next` makes of the record. Resolves with it; with null if `next` changes nothing. */
  async change(clientId: string, next: (before: ClientRecord) => ClientRecord | null): Promise<ClientRecord | null> {
    for (let attempt = 1; ; attempt++) {
      const { record, revision } = await this.read(clientId);
      const changed = next(record);
      if (changed === null) return null;
      try {
        await this.kv.put(clientId, JSON.stringify(changed), { previousSeq: revision });
        return changed;
      } catch (error) {
        if (!isJetStreamError(error, 'wrongLastSequence') || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  /**
   * Reads all records and follows their changes. Resolves once all are read. `onBad`: a record that is not valid; the one
   * before stays.
   */
  async follow(onBad: (clientId: string, error: unknown) => void): Promise<FollowedClients> {
    const records = new Map<string, ClientRecord>();
    const stop = await watchLoaded(this.nats, this.kv, (entry) => {
      try {
        if (entry.operation === 'PUT') records.set(entry.key, clientRecord.parse(entry.json()));
        else records.delete(entry.key);
      } catch (error) {
        onBad(entry.key, error);
      }
    });
    return { of: (clientId) => records.get(clientId) ?? {}, all: () => [...records.values()], stop };
  }

  /** @throws VigilError CLIENT_UNREADABLE */
  private async read(clientId: string): Promise<{ record: ClientRecord; revision: number }> {
    const entry = await this.kv.get(clientId);
    if (entry?.operation !== 'PUT') return { record: {}, revision: entry?.revision ?? 0 };
    try {
      return { record: clientRecord.parse(entry.json()), revision: entry.revision };
    } catch (error) {
      const advice = `Repair or delete the key ${clientId} of the bucket ${CLIENTS_BUCKET}.`;
      throw new VigilError('CLIENT_UNREADABLE', advice, { clientId }, { cause: error });
    }
  }
}
