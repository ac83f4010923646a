import type { NatsConnection, Subscription } from 'nats';
import { laneOf } from '../../core/lane.ts';

const subjectOf = (lane: number): string => `vigil.reader.${lane}.seen-until`;
/** The reader answers as soon as it has delivered enough; the activity asks again after this. */
const ANSWER_TIMEOUT_MS = 8_000;

/** See ReaderPort in activities/activities.ts. */
type SeenUntil = (clientId: string, deadlineMs: number) => Promise<number>;

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
  const answer = (lane: number): Subscription =>
    nats.subscribe(subjectOf(lane), {
      callback(error, message) {
        if (error !== null) return;
        const { clientId, deadlineMs } = message.json<Question>();
        seenUntil(clientId, deadlineMs).then(
          (untilMs) => message.respond(JSON.stringify({ untilMs })),
          // No answer is the answer: whoever asked asks again, of this reader or of its successor.
          () => undefined,
        );
      },
    });
  const answerFor = (lanes: readonly number[]): void => {
    for (const [lane, subscription] of subscriptions) {
      if (lanes.includes(lane)) continue;
      subscription.unsubscribe();
      subscriptions.delete(lane);
    }
    for (const lane of lanes) if (!subscriptions.has(lane)) subscriptions.set(lane, answer(lane));
  };
  return { answerFor, close: () => answerFor([]) };
}

/** Asks the reader that has the client's lane, in whatever process it is. */
export function createReaderPort(nats: NatsConnection, lanes: number): { seenUntil: SeenUntil } {
  return {
    async seenUntil(clientId, deadlineMs) {
      const question: Question = { clientId, deadlineMs };
      const answer = await nats.request(subjectOf(laneOf(clientId, lanes)), JSON.stringify(question), { timeout: ANSWER_TIMEOUT_MS });
      return answer.json<{ untilMs: number }>().untilMs;
    },
  };
}
