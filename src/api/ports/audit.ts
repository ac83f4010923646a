import type { AuditAction, AuditEntry } from '../../core/model/access/audit.ts';

export interface AuditPort {
  /** Resolves when the entry is stored, or when vigil has logged that it is not. Never rejects. */
  record(entry: AuditEntry): Promise<void>;
  /**
   * Newest first. Pass `next` as `before` to get the next page; null on the last page.
   * @throws VigilError NATS_UNREACHABLE
   */
  list(query: {
    /** Absent: of all clients, and what concerns none. */
    clientId?: string | undefined;
    ruleId?: string | undefined;
    action?: AuditAction | undefined;
    /** Epoch ms. */
    sinceMs?: number | undefined;
    limit: number;
    before?: number | undefined;
  }): Promise<{ entries: AuditEntry[]; next: number | null }>;
}
