import type { Msg, NatsConnection, Subscription } from 'nats';
import { laneOf } from '../../core/lane.ts';
import type { RecoveryRequest } from '../../core/set-messages.ts';

const subjectOf = (lane: number): string => `vigil.reader.${lane}.recover`;
/** The reader answers when it has begun. */
const ANSWER_TIMEOUT_MS = 5_000;

type Recover = (request: RecoveryRequest) => Promise<void>;

export interface RecoveryLink {
  /** Answers for these lanes from now on, and for no others. */
  answerFor(lanes: readonly number[]): void;
  close(): void;
}

/** Lets the reader of this process be asked for events again, for the lanes that it has. */
export function openRecoveryLink(nats: NatsConnection, recover: Recover): RecoveryLink {
  const subscriptions = new Map<number, Subscription>();
  const answer = (message: Msg): void => {
    recover(message.json<RecoveryRequest>()).then(
      () => message.respond(),
      // No answer is the answer: whoever asked asks again, of this reader or of its successor.
      () => undefined,
    );
  };
  const callback = (error: Error | null, message: Msg): void => {
    if (error === null) answer(message);
  };
  const answerFor = (lanes: readonly number[]): void => {
    for (const [lane, subscription] of subscriptions) {
      if (lanes.includes(lane)) continue;
      subscription.unsubscribe();
      subscriptions.delete(lane);
    }
    for (const lane of lanes) if (!subscriptions.has(lane)) subscriptions.set(lane, nats.subscribe(subjectOf(lane), { callback }));
  };
  return { answerFor, close: () => answerFor([]) };
}

/** Asks the reader that has the client's lane, in whatever process it is. */
export const requestRecovery =
  (nats: NatsConnection, lanes: number): Recover =>
  async (request) => {
    await nats.request(subjectOf(laneOf(request.clientId, lanes)), JSON.stringify(request), { timeout: ANSWER_TIMEOUT_MS });
  };
