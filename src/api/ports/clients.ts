import type { ClientRecord } from '../../core/model/client-record.ts';
import type { Quotas } from '../../core/model/quotas/quotas.ts';

/** What vigil keeps of clients. Both methods @throws VigilError NATS_UNREACHABLE, CLIENT_UNREADABLE */
export interface ClientsPort {
  get(clientId: string): Promise<ClientRecord>;
  /** Stores what `next` makes of the record. Resolves with it; with null if `next` changes nothing. */
  change(clientId: string, next: (before: ClientRecord) => ClientRecord | null): Promise<ClientRecord | null>;
}

/** The quotas of clients as this process knows them: changes arrive within moments. */
export interface QuotasPort {
  /** What holds for clients without own ones. */
  readonly defaults: Quotas;
  of(clientId: string): Quotas;
  /** Null: no quota. Epoch ms. */
  eventsPerSecondAt(clientId: string, atMs: number): number | null;
}
