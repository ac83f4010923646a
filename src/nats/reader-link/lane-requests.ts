import type { Msg, NatsConnection, Subscription } from 'nats';

export interface LaneAnswers {
  /** Answers for these lanes from now on, and for no others. */
  answerFor(lanes: readonly number[]): void;
  close(): void;
}

/** What a question is asked on, for each lane, and what answers it; `answer` does not reject. */
interface Kind {
  subjectOf: (lane: number) => string;
  answer: (message: Msg) => Promise<void>;
}

/** Answers questions for the lanes that this process has: whoever asks need not know which process that is. */
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
