import { setTimeout as delay } from 'node:timers/promises';
import {
  AckPolicy,
  DeliverPolicy,
  nanos,
  type Consumer,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from 'nats';
import type { AlertEnvelope } from '../../core/model/alert/alert.ts';
import { isComplete, isTransition } from '../../core/read-model/alert-record.ts';
import type { Log } from '../../observability/log.ts';
import { isJetStreamError } from '../connection/jetstream-error.ts';
import { ownerOf } from '../connection/owner-of.ts';
import { ALERTS_STREAM, alertSubject } from '../connection/topology.ts';
import { alertIdOf, type AlertRecordStore, type StoredAlert } from './alert-record-store.ts';

/** Name of the durable consumer on the alert stream. */
export const PROJECTOR = 'projector';
const MESSAGES_AT_ONCE = 200;
/** Records that are written at the same time. */
const RECORDS_AT_ONCE = 32;
const PULL_EXPIRES_MS = 10_000;
const ACK_WAIT_MS = 30_000;
const PAUSE_MS = 1_000;

export interface ProjectorDeps {
  js: JetStreamClient;
  jsm: JetStreamManager;
  records: AlertRecordStore;
  /** Decodes an alert; undefined if it is none. */
  readAlert: (bytes: Uint8Array) => AlertEnvelope | undefined;
  log: Log;
}

export interface Projector {
  isUp(): boolean;
  /** Messages of the stream that are not in the records yet; null while that is unknown. */
  pending(): Promise<number | null>;
  stop(): Promise<void>;
}

/**
 * Keeps the records of alerts up to date with the alert stream, from its first message on. A message counts once it is in
 * its record; adding it twice changes nothing. All projectors share one durable consumer.
 */
export function startProjector(deps: ProjectorDeps): Projector {
  const { js, jsm, log } = deps;
  const stopping = new AbortController();
  const isStopping = (): boolean => stopping.signal.aborted;
  let isUp = true;
  const working = work();
  return {
    isUp: () => isUp,
    pending: () => pendingOf(jsm),
    async stop() {
      stopping.abort();
      await working;
    },
  };

  async function work(): Promise<void> {
    while (!isStopping()) {
      try {
        await follow(await openConsumer(js, jsm));
      } catch (error) {
        if (isStopping()) return;
        isUp = false;
        log.warn({ err: error }, 'alert records: cannot read or store; trying again');
      }
      await delay(PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  /** Returns when the consumer ends. Projects what has come while the messages before it were projected. */
  async function follow(consumer: Consumer): Promise<void> {
    const messages = await consumer.consume({
      max_messages: MESSAGES_AT_ONCE,
      expires: PULL_EXPIRES_MS,
      abort_on_missing_resource: true,
    });
    const close = (): void => void messages.close();
    stopping.signal.addEventListener('abort', close);
    if (isStopping()) close();
    isUp = true;
    let waiting: JsMsg[] = [];
    let projecting: Promise<void> | undefined;
    let failure: unknown;
    const drain = async (): Promise<void> => {
      while (waiting.length > 0) {
        const batch = waiting;
        waiting = [];
        await project(batch, deps).catch((error: unknown) => {
          failure = error;
          for (const message of [...batch, ...waiting.splice(0)]) message.nak();
          close();
        });
      }
      projecting = undefined;
    };
    try {
      for await (const message of messages) {
        waiting.push(message);
        projecting ??= drain();
      }
      await projecting;
    } finally {
      stopping.signal.removeEventListener('abort', close);
    }
    if (failure !== undefined) throw failure as Error;
  }
}

/** Adds the messages to their records, and acknowledges them. */
async function project(messages: readonly JsMsg[], { records, readAlert, log }: ProjectorDeps): Promise<void> {
  const byAlert = new Map<string, { alerts: StoredAlert[]; messages: JsMsg[] }>();
  for (const message of messages) {
    const alert = readAlert(message.data);
    const isValid = alert !== undefined && isComplete(alert) && isOwn(alert, message.subject);
    if (!isValid)
      log.error(
        { ...ownerOf(message.subject), subject: message.subject, sequence: message.seq },
        'alert records: invalid message on the alert stream; skipped',
      );
    if (!isValid || !isTransition(alert)) {
      message.ack();
      continue;
    }
    const id = alertIdOf(alert);
    const group = byAlert.get(id) ?? { alerts: [], messages: [] };
    byAlert.set(id, group);
    group.alerts.push({ alert, sequence: message.seq });
    group.messages.push(message);
  }
  const waiting = [...byAlert.values()];
  const drain = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await records.add(next.alerts);
      for (const message of next.messages) message.ack();
    }
  };
  await Promise.all(Array.from({ length: RECORDS_AT_ONCE }, drain));
}

/** Whoever may publish alerts of one client must not change the records of another. */
const isOwn = ({ data }: AlertEnvelope, subject: string): boolean =>
  subject === alertSubject(data.clientId, data.ruleId);

async function openConsumer(js: JetStreamClient, jsm: JetStreamManager): Promise<Consumer> {
  await jsm.consumers.add(ALERTS_STREAM, {
    durable_name: PROJECTOR,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ACK_WAIT_MS),
    max_ack_pending: 4 * MESSAGES_AT_ONCE,
    max_deliver: -1,
    deliver_policy: DeliverPolicy.All,
  });
  return js.consumers.get(ALERTS_STREAM, PROJECTOR);
}

async function pendingOf(jsm: JetStreamManager): Promise<number | null> {
  try {
    const { num_pending: unread, num_ack_pending: unsettled } = await jsm.consumers.info(ALERTS_STREAM, PROJECTOR);
    return unread + unsettled;
  } catch (error) {
    if (isJetStreamError(error, 'consumerNotFound')) return null;
    throw error;
  }
}

/**
 * Builds all records again from the alert stream: running projectors make the consumer again, which starts at the
 * beginning. Records first: what a projector adds in between is added again.
 */
export async function rebuildRecords(jsm: JetStreamManager, records: AlertRecordStore): Promise<void> {
  await records.clear();
  try {
    await jsm.consumers.delete(ALERTS_STREAM, PROJECTOR);
  } catch (error) {
    if (!isJetStreamError(error, 'consumerNotFound')) throw error;
  }
}
