import type { Msg, NatsConnection, Subscription } from 'nats';
import { laneOf } from '../../core/lane.ts';
import type { SeenUntil } from '../../subscriber/ports.ts';

const subjectOf = (lane: number): string => `vigil.reader.${lane}.seen-until`;
/** The reader answers as soon as it has delivered enough. After this the activity asks again, and the reader forgets the question. */
const ANSWER_TIMEOUT_MS = 8_000;

interface Question {
  clientId: string;
  deadlineMs: number;
}

export interface ReaderLink {
  /** Answers for these lanes from now on, and for no others. */
  answerFor(lanes: readonly number[]): void;
  close(): void;
}

/** Lets the reader of this process answer what `createReaderPort` asks, for the lanes that it has. */
export function openReaderLink(nats: NatsConnection, seenUntil: SeenUntil): ReaderLink {
  const subscriptions = new Map<number, Subscription>();
  const listen = (lane: number): Subscription =>
    nats.subscribe(subjectOf(lane), {
      callback(error, message) {
        if (error === null) void answer(message, seenUntil);
      },
    });
  const answerFor = (lanes: readonly number[]): void => {
    for (const [lane, subscription] of subscriptions) {
      if (lanes.includes(lane)) continue;
      subscription.unsubscribe();
      subscriptions.delete(lane);
    }
    for (const lane of lanes) if (!subscriptions.has(lane)) subscriptions.set(lane, listen(lane));
  };
  return { answerFor, close: () => answerFor([]) };
}

async function answer(message: Msg, seenUntil: SeenUntil): Promise<void> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), ANSWER_TIMEOUT_MS).unref();
  try {
    const { clientId, deadlineMs } = message.json<Question>();
    const untilMs = await seenUntil(clientId, deadlineMs, timeout.signal);
    message.respond(JSON.stringify({ untilMs }));
  } catch {
    // No answer is the answer: whoever asked asks again, of this reader or of its successor.
  } finally {
    clearTimeout(timer);
  }
}

/** Asks the reader that has the client's lane, in whatever process it is. See ReaderPort in activities/activities.ts. */
export function createReaderPort(nats: NatsConnection, lanes: number): { seenUntil: (clientId: string, deadlineMs: number) => Promise<number> } {
  return {
    async seenUntil(clientId, deadlineMs) {
      const question: Question = { clientId, deadlineMs };
      const answer = await nats.request(subjectOf(laneOf(clientId, lanes)), JSON.stringify(question), { timeout: ANSWER_TIMEOUT_MS });
      return answer.json<{ untilMs: number }>().untilMs;
    },
  };
}
