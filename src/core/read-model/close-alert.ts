import type { AlertEnvelope } from '../model/alert/alert.ts';
import { asStoredKey } from '../primitives/value.ts';
import { recordBits } from '../model/id-text.ts';
import type { AlertRecord } from './alert-record.ts';
import { episodeOf, type EpisodeKey } from './episode-key.ts';

/** Why no workflow decides an alert any more: its rule no longer has this partition set, or the set has begun anew. */
export const ORPHAN_REASONS = ['noPartitionSet', 'begunAnew'] as const;
export type OrphanReason = (typeof ORPHAN_REASONS)[number];

/** The identity of the alert of a record, from the id of its first message. */
export const episodeOfRecord = ({ transitions, group }: AlertRecord): EpisodeKey =>
  episodeOf(transitions[0]?.alertId ?? '', group);

/**
 * The message that ends an alert which no workflow decides any more. Its id is that of the message with which its
 * partition set would have ended it, so that the stream drops the second of the two.
 */
export function closingOf(record: AlertRecord, { by, at }: { by: string; at: string }): AlertEnvelope {
  const { clientId, ruleId, ruleVersion, episode, severity, startsAt, labels } = record;
  const [group, partition] = [asStoredKey(record.group), asStoredKey(record.partition)];
  return {
    specversion: '1.0',
    id: `${episodeOfRecord(record).key}:resolved`,
    source: `/vigil/${clientId}/${ruleId}`,
    type: 'vigil.alert.v1',
    subject: recordBits(partition) || recordBits(group) || ruleId,
    time: at,
    datacontenttype: 'application/json',
    data: {
      ...{ clientId, ruleId, ruleVersion, group, partition, episode },
      ...{ status: 'resolved', reason: 'operator', state: 'inactive', severity, startsAt, endsAt: at, evaluatedAt: at },
      message: `Closed by ${by}: nothing decides this alert any more.`,
      labels,
      evidence: { items: [], total: 0 },
      action: { by, at },
    },
  };
}
