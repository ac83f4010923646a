import type { EventLogPort, LogMessage } from '../../src/subscriber/ports.ts';

/** A stream that holds these messages, also those that come later; a reading waits for them as the real one does. */
export function logOf(stream: readonly LogMessage[]): EventLogPort {
  return {
    has: (sequence) => Promise.resolve(stream.some((message) => message.sequence === sequence)),
    extent: () => Promise.resolve({ first: 1, last: stream.length }),
    read(from) {
      const clientId = from.clientId === undefined ? '' : `events.${from.clientId}.`;
      const isMine = (message: LogMessage): boolean => message.subject.startsWith(clientId) && ('sequence' in from ? message.sequence >= from.sequence : message.storedAtMs >= from.timeMs);
      let isStopped = false;
      return Promise.resolve({
        async *[Symbol.asyncIterator]() {
          for (let place = 0; !isStopped; ) {
            const message = stream[place];
            if (message !== undefined && isMine(message)) yield [{ ...message, left: stream.slice(place + 1).filter(isMine).length }];
            if (message === undefined) await new Promise(setImmediate);
            else place += 1;
          }
        },
        position: () => Promise.resolve({ pending: 0, isEmpty: !stream.some(isMine), handedOut: stream.length, atMs: 0 }),
        stop() {
          isStopped = true;
          return Promise.resolve();
        },
      });
    },
  };
}
