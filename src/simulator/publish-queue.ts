/** Resolves once the event is stored; rejects when it was not. */
export type Publish = (clientId: string, type: string, data: Record<string, unknown>) => Promise<unknown>;

export interface SimulatorLogger {
  warn(fields: Record<string, unknown>, text: string): void;
}

export interface Outbox {
  send(clientId: string, type: string, data: Record<string, unknown>): void;
  /** Sends what waits, and gives up at the first failure, telling the log what was not sent. */
  close(): Promise<void>;
}

type Letter = Parameters<Publish>;

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;
/** About ten minutes of two clients; then the oldest gives way, and the log says so. */
const MAX_WAITING = 1_000;

/** Publishes one event after the other, in order, and tries again for as long as it takes. */
export function createOutbox(publish: Publish, logger: SimulatorLogger): Outbox {
  const waiting: Letter[] = [];
  let sending: Promise<void> | null = null;
  let closing = false;
  let endPause = (): void => undefined;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function sendAll(): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    for (let letter = waiting.shift(); letter; letter = waiting.shift()) {
      try {
        await publish(...letter);
        retryMs = FIRST_RETRY_MS;
      } catch (error) {
        waiting.unshift(letter);
        logger.warn({ err: error, waiting: waiting.length, retryMs }, 'simulator: an event was not taken');
        if (closing) break;
        await pause(retryMs);
        retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
      }
    }
    sending = null;
  }

  return {
    send(...letter) {
      if (waiting.length >= MAX_WAITING) {
        logger.warn(
          { dropped: waiting.shift(), waiting: waiting.length },
          'simulator: too many events wait, the oldest is dropped',
        );
      }
      waiting.push(letter);
      sending ??= sendAll();
    },
    async close() {
      closing = true;
      endPause();
      await sending;
      if (waiting.length > 0)
        logger.warn({ lost: waiting }, `simulator: stopped with ${waiting.length} events not sent`);
    },
  };
}
