import type { AlertEnvelope } from '../../core/model/alert/alert.ts';
import type { AlertRecord } from '../../core/read-model/alert-record.ts';

/** The read model of alerts. Every method @throws VigilError NATS_UNREACHABLE */
export interface AlertRecordsPort {
  /** Newest change first. Pass `next` as `before` to get the next page; null on the last page. */
  list(query: {
    clientId: string;
    ruleId?: string | undefined;
    /** Only alerts that fire now. */
    onlyOpen: boolean;
    isWanted: (record: AlertRecord) => boolean;
    limit: number;
    before?: number | undefined;
  }): Promise<{ alerts: { id: string; record: AlertRecord }[]; next: number | null }>;
  get(clientId: string, id: string): Promise<AlertRecord | null>;
  /**
   * Publishes these ends of alerts that nothing decides any more.
   * @throws VigilError ALERT_RECORDS_BEHIND if the records may lack ends that were published long ago
   */
  close(alerts: readonly AlertEnvelope[]): Promise<void>;
  /** Builds all records again from the alert stream; resolves when that has begun. */
  rebuild(): Promise<void>;
}
