import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { laneOf } from '../../../src/core/matching/lane.ts';
import { EventTokens } from '../../../src/ingest/fairness/event-tokens.ts';
import type { EventQuotasPort, LogMessage } from '../../../src/ingest/ports.ts';
import { reread } from '../../../src/ingest/reading/reread.ts';
import { clientOf } from '../../../src/ingest/routing/decode.ts';
import { logOf } from '../memory-log.ts';

const CLIENTS = ['acme', 'brim', 'corp'];
const stopping = new AbortController().signal;
const MINUTE_MS = 60_000;

/** Of the first client always, of the second from the second minute on. */
const quotas: EventQuotasPort = {
  eventsPerSecondAt: (clientId, atMs) =>
    clientId === 'acme' ? 0.3 : clientId === 'brim' && atMs >= MINUTE_MS ? 0.2 : null,
  limitsEventsAt: () => true,
};

const stream = fc
  .array(fc.tuple(fc.constantFrom(...CLIENTS), fc.constantFrom(0, 1, 400, 3_000, 11_000)), {
    minLength: 1,
    maxLength: 80,
  })
  .map((events) => {
    let storedAtMs = 25_000;
    return events.map(([clientId, later], index): LogMessage => {
      storedAtMs += later;
      return { sequence: index + 1, storedAtMs, subject: `events.${clientId}.t`, bytes: new Uint8Array(), left: 0 };
    });
  });

const play = (tokens: EventTokens, messages: readonly LogMessage[]): number[] =>
  messages
    .filter((message) => {
      tokens.filled(message.storedAtMs, () => false);
      return tokens.take(clientOf(message.subject), message.storedAtMs) === null;
    })
    .map(({ sequence }) => sequence);

const live = (messages: readonly LogMessage[]): number[] => play(new EventTokens(quotas), messages);
const after = (sequences: readonly number[], floor: number): number[] => sequences.filter((each) => each > floor);

it('limits the clients that have a quota', () => {
  const at = (clientId: string, storedAtMs: number, sequence: number): LogMessage => ({
    ...{ sequence, storedAtMs, subject: `events.${clientId}.t`, bytes: new Uint8Array(), left: 0 },
  });
  const burst = (storedAtMs: number, from: number) =>
    [0, 1, 2, 3].flatMap((n) => CLIENTS.map((clientId, each) => at(clientId, storedAtMs, from + 3 * n + each)));
  const counted = (messages: LogMessage[]): number[] =>
    CLIENTS.map((clientId) => {
      const all = new Set(live(messages));
      return messages.filter(({ sequence, subject }) => all.has(sequence) && clientOf(subject) === clientId).length;
    });
  expect(counted(burst(0, 1))).toEqual([3, 4, 4]);
  expect(counted(burst(MINUTE_MS, 1))).toEqual([3, 2, 4]);
  expect(counted([...burst(MINUTE_MS, 1), ...burst(MINUTE_MS + 10_000, 13)])).toEqual([6, 4, 8]);
});

test('whoever takes over a lane decides as the one before would have done, wherever its floor is', async () => {
  await fc.assert(
    fc.asyncProperty(stream, fc.nat(80), fc.boolean(), async (messages, place, isOneLane) => {
      const floor = messages[place % messages.length] as LogMessage;
      const lane = isOneLane ? { number: 0, count: 1 } : { number: laneOf('acme', 7), count: 7 };
      const isMine = ({ subject }: LogMessage): boolean => laneOf(clientOf(subject), lane.count) === lane.number;
      const tokens = new EventTokens(quotas);
      await tokens.countUpTo(floor, { log: logOf(messages), stopping, lane });
      const mine = messages.filter(isMine);
      const rest = mine.filter(({ sequence }) => sequence > floor.sequence);
      expect(play(tokens, rest)).toEqual(after(live(mine), floor.sequence));
    }),
  );
});

test('whoever reads events of a client again gets those that counted at first, wherever it begins', async () => {
  await fc.assert(
    fc.asyncProperty(stream, fc.nat(80), fc.boolean(), async (messages, place, byTime) => {
      const [first, last] = [messages[place % messages.length] as LogMessage, messages.at(-1) as LogMessage];
      const clientId = clientOf(first.subject);
      const from = byTime ? { timeMs: first.storedAtMs } : { sequence: first.sequence };
      const lane = { room: () => undefined, quotas };
      const again: number[] = [];
      for await (const { sequence } of reread({ log: logOf(messages), lane, clientId, from, until: last, stopping }))
        again.push(sequence);
      const isWanted = (sequence: number): boolean => {
        const { storedAtMs, subject } = messages[sequence - 1] as LogMessage;
        return clientOf(subject) === clientId && (byTime ? storedAtMs >= first.storedAtMs : sequence >= first.sequence);
      };
      expect(again).toEqual(live(messages).filter(isWanted));
    }),
  );
});
