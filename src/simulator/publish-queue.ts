/** Resolves when the event is stored; rejects if it was not. */
export type Publish = (clientId: string, type: string, data: Record<string, unknown>) => Promise<unknown>;

export interface SimulatorLogger {
  warn(fields: Record<string, unknown>, text: string): void;
}

export interface Outbox {
  send(clientId: string, type: string, data: Record<string, unknown>): void;
  /** Sends the waiting events. Stops at the first failure, and logs the events that were not sent. */
  close(): Promise<void>;
}

type PendingEvent = Parameters<Publish>;

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;
/** About ten minutes of two clients; beyond that the oldest event is dropped, with a log line. */
const MAX_WAITING = 1_000;

/** Publishes events one at a time, in order, and retries without limit. */
export function createOutbox(publish: Publish, logger: SimulatorLogger): Outbox {
  const waiting: PendingEvent[] = [];
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
    for (let event = waiting.shift(); event; event = waiting.shift()) {
      try {
        await publish(...event);
        retryMs = FIRST_RETRY_MS;
      } catch (error) {
        waiting.unshift(event);
        logger.warn({ err: error, waiting: waiting.length, retryMs }, 'simulator: publishing failed; will retry');
        if (closing) break;
        await pause(retryMs);
        retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
      }
    }
    sending = null;
  }

  return {
    send(...event) {
      if (waiting.length >= MAX_WAITING) {
        logger.warn(
          { dropped: waiting.shift(), waiting: waiting.length },
          'simulator: too many waiting events; dropped the oldest',
        );
      }
      waiting.push(event);
      sending ??= sendAll();
    },
    async close() {
      closing = true;
      endPause();
      await sending;
      if (waiting.length > 0) logger.warn({ lost: waiting }, `simulator: stopped with ${waiting.length} unsent events`);
    },
  };
}
