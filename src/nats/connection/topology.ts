import { nanos, RetentionPolicy, StorageType, DiscardPolicy, type JetStreamManager, type StreamConfig } from 'nats';
import { EVENT_ID_WINDOW_MS } from '../../core/model/event/event-id.ts';
import { isJetStreamError } from './jetstream-error.ts';

export const EVENTS_STREAM = 'EVENTS';
export const ALERTS_STREAM = 'ALERTS';
export const DEADLETTERS_STREAM = 'DEADLETTERS';
/** One message for each alert: its life. */
export const ALERT_RECORDS_STREAM = 'ALERT_RECORDS';
/** The same for the alerts that fire now, however old they are. */
export const OPEN_ALERTS_STREAM = 'OPEN_ALERTS';
/** Who has changed what. */
export const AUDIT_STREAM = 'AUDIT';
export const RULES_BUCKET = 'vigil_rules';
export const TOKENS_BUCKET = 'vigil_tokens';
export const CLIENTS_BUCKET = 'vigil_clients';
export const LANES_BUCKET = 'vigil_lanes';
export const READERS_BUCKET = 'vigil_readers';
export const PROCESSES_BUCKET = 'vigil_processes';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const EVENTS_MAX_AGE_MS = 7 * DAY_MS;
const ALERTS_MAX_AGE_MS = 30 * DAY_MS;
const AUDIT_MAX_AGE_MS = 365 * DAY_MS;
/** Of one client, so that one that changes much does not displace what others did. */
const AUDIT_MAX_ENTRIES = 100_000;
const AUDIT_MAX_BYTES = 512 * 1024 * 1024;
/** Longer than any publish retry after a crash, so that the stream drops repeated alerts by id. */
export const ALERTS_DUPLICATE_WINDOW_MS = HOUR_MS;

export const eventSubject = (clientId: string, type: string): string => `events.${clientId}.${type}`;
export const alertSubject = (clientId: string, ruleId: string): string => `alerts.${clientId}.${ruleId}`;
export const deadLetterSubject = (clientId: string): string => `deadletter.${clientId}`;
/** `clientId` may be a wildcard. */
export const auditSubject = (clientId: string): string => `vigil.audit.${clientId}`;
/** `ruleId` and `id` may be wildcards. */
export const alertRecordSubject = (clientId: string, ruleId: string, id: string): string =>
  `vigil.alerts.record.${clientId}.${ruleId}.${id}`;
export const openAlertSubject = (clientId: string, ruleId: string, id: string): string =>
  `vigil.alerts.open.${clientId}.${ruleId}.${id}`;

const STREAMS: readonly (Partial<StreamConfig> & { name: string })[] = [
  {
    name: EVENTS_STREAM,
    subjects: ['events.>'],
    max_age: nanos(EVENTS_MAX_AGE_MS),
    duplicate_window: nanos(EVENT_ID_WINDOW_MS),
  },
  {
    name: ALERTS_STREAM,
    subjects: ['alerts.>'],
    max_age: nanos(ALERTS_MAX_AGE_MS),
    duplicate_window: nanos(ALERTS_DUPLICATE_WINDOW_MS),
  },
  { name: DEADLETTERS_STREAM, subjects: ['deadletter.>'], max_age: nanos(ALERTS_MAX_AGE_MS) },
  {
    name: ALERT_RECORDS_STREAM,
    subjects: [alertRecordSubject('*', '*', '*')],
    max_age: nanos(ALERTS_MAX_AGE_MS),
    max_msgs_per_subject: 1,
  },
  { name: OPEN_ALERTS_STREAM, subjects: [openAlertSubject('*', '*', '*')], max_msgs_per_subject: 1 },
  {
    name: AUDIT_STREAM,
    subjects: [auditSubject('*')],
    max_age: nanos(AUDIT_MAX_AGE_MS),
    max_msgs_per_subject: AUDIT_MAX_ENTRIES,
    max_bytes: AUDIT_MAX_BYTES,
  },
];

/** Creates missing streams. Keeps the settings of existing streams, because operators can change them. */
export async function ensureStreams(jsm: JetStreamManager): Promise<void> {
  for (const stream of STREAMS) {
    try {
      await jsm.streams.info(stream.name);
    } catch (error) {
      if (!isJetStreamError(error, 'streamNotFound')) throw error;
      await jsm.streams.add({
        retention: RetentionPolicy.Limits,
        storage: StorageType.File,
        discard: DiscardPolicy.Old,
        ...stream,
      });
    }
  }
}
