import type { EventLogPort, LogMessage } from '../../src/ingest/ports.ts';

/**
 * An in-memory stream of these messages and later ones; a reading waits for new ones, like the real one. A reading of
 * one client may lag by some turns of the event loop (`turnsLate`). `atMs`: the stream's clock.
 */
export function logOf(stream: readonly LogMessage[], { turnsLate = 0, atMs = (): number => 0 } = {}): EventLogPort {
  return {
    extent: () => Promise.resolve({ first: 1, last: stream.length, firstAtMs: stream[0]?.storedAtMs ?? 0 }),
    read(from) {
      const clientId = from.clientId === undefined ? '' : `events.${from.clientId}.`;
      const isMine = (message: LogMessage): boolean =>
        message.subject.startsWith(clientId) &&
        ('sequence' in from ? message.sequence >= from.sequence : message.storedAtMs >= from.timeMs);
      let [isStopped, handedOut, count] = [false, 0, 0];
      const toCome = (): LogMessage[] => stream.filter((message) => message.sequence > handedOut && isMine(message));
      return Promise.resolve({
        async *[Symbol.asyncIterator]() {
          while (!isStopped) {
            const batch = toCome();
            for (let turn = 0; turn <= turnsLate; turn++) await new Promise(setImmediate);
            handedOut = batch.at(-1)?.sequence ?? handedOut;
            count += batch.length;
            if (batch.length > 0) yield batch.map((message, index) => ({ ...message, left: batch.length - 1 - index }));
          }
        },
        position: () => Promise.resolve({ pending: toCome().length, count, handedOut, atMs: atMs() }),
        stop() {
          isStopped = true;
          return Promise.resolve();
        },
      });
    },
  };
}
