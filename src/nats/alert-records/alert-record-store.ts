import { createHash } from 'node:crypto';
import { type JetStreamClient, type JetStreamManager, type StoredMsg } from 'nats';
import type { AlertEnvelope } from '../../core/model/alert/alert.ts';
import { withTransition, type AlertRecord } from '../../core/read-model/alert-record.ts';
import { episodeOf } from '../../core/read-model/episode-key.ts';
import { parseJson } from '../../core/primitives/text/parse-json.ts';
import { writeForOthers } from '../../core/primitives/text/write-json.ts';
import { isJetStreamError } from '../connection/jetstream-error.ts';
import { newestMessage } from '../connection/stored-message.ts';
import {
  ALERT_RECORDS_STREAM,
  alertRecordSubject,
  OPEN_ALERTS_STREAM,
  openAlertSubject,
} from '../connection/topology.ts';

/** A message of the alert stream. */
export interface StoredAlert {
  alert: AlertEnvelope;
  sequence: number;
}

export interface AlertRecordStore {
  /** Adds messages of one alert to its record. Any number of processes may do so at the same time. */
  add(alerts: readonly StoredAlert[]): Promise<void>;
  /** Deletes all records. */
  clear(): Promise<void>;
}

/** 128 bits of a hash: the same for all messages of an alert, and safe in subjects and paths. */
export function alertIdOf({ id, data }: AlertEnvelope): string {
  const { key } = episodeOf(id, data.group);
  return createHash('sha256').update(key).digest().subarray(0, 16).toString('base64url');
}

/** Stores the life of each alert as one message of a stream, and again in another one while the alert fires. */
export function createAlertRecordStore(js: JetStreamClient, jsm: JetStreamManager): AlertRecordStore {
  async function add(alerts: readonly StoredAlert[]): Promise<void> {
    const [first] = alerts;
    if (first === undefined) return;
    const { clientId, ruleId } = first.alert.data;
    const id = alertIdOf(first.alert);
    const place: Place = {
      records: alertRecordSubject(clientId, ruleId, id),
      open: openAlertSubject(clientId, ruleId, id),
    };
    while (!(await tryAdd(alerts, place)));
    await showIfOpen(place);
  }

  /** Returns false if another process has changed the record in the meantime. */
  async function tryAdd(alerts: readonly StoredAlert[], { records, open }: Place): Promise<boolean> {
    const stored = await newestMessage(jsm, ALERT_RECORDS_STREAM, records);
    // An alert can fire for longer than its record is kept.
    const before = read(stored) ?? read(await newestMessage(jsm, OPEN_ALERTS_STREAM, open));
    const record = alerts.reduce<AlertRecord | null>(
      (known, { alert, sequence }) => withTransition(known, alert, sequence),
      before,
    );
    if (record === before && stored !== null) return true;
    try {
      await js.publish(records, writeForOthers(record), { expect: { lastSubjectSequence: stored?.seq ?? 0 } });
      return true;
    } catch (error) {
      // Another process has changed the record.
      if (isJetStreamError(error, 'wrongLastSequence')) return false;
      throw error;
    }
  }

  /** Lists the alert as open if it is. Looks again afterwards, so that the last change counts, whoever makes it. */
  async function showIfOpen({ records, open }: Place): Promise<void> {
    let shown = -1;
    for (;;) {
      const stored = await newestMessage(jsm, ALERT_RECORDS_STREAM, records);
      if (stored === null || stored.seq === shown) return;
      if (read(stored)?.state === 'firing') await js.publish(open, stored.data);
      else await jsm.streams.purge(OPEN_ALERTS_STREAM, { filter: open });
      shown = stored.seq;
    }
  }

  return {
    add,
    async clear() {
      await jsm.streams.purge(ALERT_RECORDS_STREAM);
      await jsm.streams.purge(OPEN_ALERTS_STREAM);
    },
  };
}

/** Subjects of a record. */
interface Place {
  records: string;
  open: string;
}

const read = (message: StoredMsg | null): AlertRecord | null =>
  message === null ? null : (parseJson(message.string()) as AlertRecord);
