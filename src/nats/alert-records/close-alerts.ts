import type { JetStreamClient, JetStreamManager } from 'nats';
import type { AlertEnvelope } from '../../core/model/alert/alert.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import { publishInOrder } from '../alerts/alert-publisher.ts';
import { isJetStreamError } from '../connection/jetstream-error.ts';
import { ALERTS_DUPLICATE_WINDOW_MS, ALERTS_STREAM } from '../connection/topology.ts';
import { orUnreachable } from '../connection/unreachable.ts';
import { PROJECTOR } from './projector.ts';

/** Half of the time for which the stream knows ids: what the records lack is younger, so it would drop a repeat of it. */
const MOST_BEHIND_MS = ALERTS_DUPLICATE_WINDOW_MS / 2;

/**
 * Publishes the ends of alerts that nothing decides any more.
 * @throws VigilError NATS_UNREACHABLE; ALERT_RECORDS_BEHIND if the workflows may have published them long ago
 */
export const createAlertCloser =
  (js: JetStreamClient, jsm: JetStreamManager, now: () => number = Date.now) =>
  (alerts: readonly AlertEnvelope[]): Promise<void> =>
    orUnreachable(async () => {
      const nowMs = now();
      const behindMs = nowMs - (await projectedUntil(jsm, nowMs));
      if (behindMs > MOST_BEHIND_MS) {
        const advice = 'Wait until the metric vigil_alert_records_pending is 0; the part "alerts" must run.';
        throw new VigilError('ALERT_RECORDS_BEHIND', advice, { behindSeconds: Math.round(behindMs / 1_000) });
      }
      await publishInOrder(js, alerts);
    });

/** The records have all alerts that were stored before this time, epoch ms. */
async function projectedUntil(jsm: JetStreamManager, nowMs: number): Promise<number> {
  const { state } = await jsm.streams.info(ALERTS_STREAM);
  try {
    const { ack_floor: floor } = await jsm.consumers.info(ALERTS_STREAM, PROJECTOR);
    if (floor.stream_seq >= state.last_seq) return nowMs;
    const next = Math.max(floor.stream_seq + 1, state.first_seq);
    return (await jsm.streams.getMessage(ALERTS_STREAM, { seq: next })).time.getTime();
  } catch (error) {
    // Without a projector, nothing is certain.
    if (isJetStreamError(error, 'consumerNotFound')) return Date.parse(state.first_ts);
    // A message that was removed by hand.
    if (isJetStreamError(error, 'noMessageFound')) return nowMs;
    throw error;
  }
}
