import type { Msg, NatsConnection, Subscription } from 'nats';

export interface LaneAnswers {
  /** Answers requests for exactly these lanes from now on. */
  answerFor(lanes: readonly number[]): void;
  close(): void;
}

/** A kind of request: its subject for each lane, and its handler, which must not reject. */
interface Kind {
  subjectOf: (lane: number) => string;
  answer: (message: Msg) => Promise<void>;
}

/** Answers requests for the lanes of this process, so that callers need not know which process has a lane. */
export function answerByLane(nats: NatsConnection, kinds: readonly Kind[]): LaneAnswers {
  const subscriptions = new Map<number, Subscription[]>();
  const listen = ({ subjectOf, answer }: Kind, lane: number): Subscription =>
    nats.subscribe(subjectOf(lane), {
      callback(error, message) {
        if (error === null) void answer(message);
      },
    });
  const answerFor = (lanes: readonly number[]): void => {
    for (const [lane, open] of subscriptions) {
      if (lanes.includes(lane)) continue;
      for (const subscription of open) subscription.unsubscribe();
      subscriptions.delete(lane);
    }
    for (const lane of lanes) {
      if (!subscriptions.has(lane))
        subscriptions.set(
          lane,
          kinds.map((kind) => listen(kind, lane)),
        );
    }
  };
  return { answerFor, close: () => answerFor([]) };
}
