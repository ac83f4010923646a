import type { Msg, NatsConnection } from 'nats';
import { laneOf } from '../../core/matching/lane.ts';
import type { PauseRequest, RecoveryRequest } from '../../core/model/partition-set/partition-set-messages.ts';
import type { Watermark } from '../../ingest/ports.ts';
import { answerByLane, type LaneAnswers } from './lane-requests.ts';

const seenUntilSubject = (lane: number): string => `vigil.reader.${lane}.seen-until`;
const recoverSubject = (lane: number): string => `vigil.reader.${lane}.recover`;
const pauseSubject = (lane: number): string => `vigil.reader.${lane}.pause`;
/**
 * The reader answers when it has delivered enough. After this timeout it drops the request, and the activity sends it
 * again.
 */
const SEEN_TIMEOUT_MS = 8_000;
/** The reader answers when the recovery has started. */
const RECOVER_TIMEOUT_MS = 5_000;
/** The reader answers when Temporal has accepted its current signal. */
const PAUSE_TIMEOUT_MS = 1_500;

interface Question {
  clientId: string;
  deadlineMs: number;
}

/** The reader of this process. Each method rejects if another process has the client's lane. */
interface Reader {
  seenUntil: Watermark;
  recover: (request: RecoveryRequest) => Promise<void>;
  pause: (request: PauseRequest) => Promise<void>;
}

/** Answers the requests of `createReaderPort` with the reader of this process, for its lanes. */
export const openReaderLink = (nats: NatsConnection, { seenUntil, recover, pause }: Reader): LaneAnswers =>
  answerByLane(nats, [
    {
      subjectOf: seenUntilSubject,
      answer: (message) => answerWithin(SEEN_TIMEOUT_MS, message, (signal) => askSeenUntil(message, seenUntil, signal)),
    },
    {
      subjectOf: recoverSubject,
      answer: (message) =>
        answerWithin(RECOVER_TIMEOUT_MS, message, () => recover(message.json<RecoveryRequest>()).then(() => '')),
    },
    {
      subjectOf: pauseSubject,
      answer: (message) =>
        answerWithin(PAUSE_TIMEOUT_MS, message, () => pause(message.json<PauseRequest>()).then(() => '')),
    },
  ]);

async function askSeenUntil(message: Msg, seenUntil: Watermark, signal: AbortSignal): Promise<string> {
  const { clientId, deadlineMs } = message.json<Question>();
  return JSON.stringify({ untilMs: await seenUntil(clientId, deadlineMs, signal) });
}

/** Does not respond to failures: the caller times out and asks again, this reader or its successor. */
async function answerWithin(ms: number, message: Msg, work: (signal: AbortSignal) => Promise<string>): Promise<void> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), ms).unref();
  try {
    message.respond(await work(timeout.signal));
  } catch {
    // The reader reports its own errors.
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Sends requests to the reader that has the client's lane, in any process. See ReaderPort in activities/activities.ts.
 */
export function createReaderPort(
  nats: NatsConnection,
  lanes: number,
): {
  seenUntil: (clientId: string, deadlineMs: number) => Promise<number>;
  recover: Reader['recover'];
  pause: Reader['pause'];
} {
  return {
    async seenUntil(clientId, deadlineMs) {
      const question: Question = { clientId, deadlineMs };
      const answer = await nats.request(seenUntilSubject(laneOf(clientId, lanes)), JSON.stringify(question), {
        timeout: SEEN_TIMEOUT_MS,
      });
      return answer.json<{ untilMs: number }>().untilMs;
    },
    async recover(request) {
      await nats.request(recoverSubject(laneOf(request.clientId, lanes)), JSON.stringify(request), {
        timeout: RECOVER_TIMEOUT_MS,
      });
    },
    async pause(request) {
      await nats.request(pauseSubject(laneOf(request.clientId, lanes)), JSON.stringify(request), {
        timeout: PAUSE_TIMEOUT_MS,
      });
    },
  };
}
