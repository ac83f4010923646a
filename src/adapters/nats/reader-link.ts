import type { NatsConnection } from 'nats';

const SUBJECT = 'vigil.reader.seen-until';
/** The reader answers as soon as it has delivered enough; the activity asks again after this. */
const ANSWER_TIMEOUT_MS = 8_000;

/** Lets the reader of this process answer the question of `askReader`. Returns the function that ends it. */
export function answerReader(nats: NatsConnection, seenUntil: (deadlineMs: number) => Promise<number>): () => void {
  const subscription = nats.subscribe(SUBJECT, {
    callback: (error, message) => {
      if (error !== null) return;
      const { deadlineMs } = message.json<{ deadlineMs: number }>();
      seenUntil(deadlineMs).then(
        (untilMs) => message.respond(JSON.stringify({ untilMs })),
        // No answer is the answer: whoever asked asks again, of this reader or of its successor.
        () => undefined,
      );
    },
  });
  return () => subscription.unsubscribe();
}

export function createReaderPort(nats: NatsConnection) {
  return {
    async seenUntil(deadlineMs: number): Promise<number> {
      const answer = await nats.request(SUBJECT, JSON.stringify({ deadlineMs }), { timeout: ANSWER_TIMEOUT_MS });
      return answer.json<{ untilMs: number }>().untilMs;
    },
  };
}
