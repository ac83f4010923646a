import type { DeadLetter, DeadLetterStorePort } from '../../../src/api/ports/dead-letters.ts';

export interface FakeDeadLetters {
  port: DeadLetterStorePort;
  /** The stored dead letters; tests change them. */
  stored: Map<number, DeadLetter>;
  /** Replayed events, oldest first. */
  replayed: { subject: string; payload: string }[];
}

/** The dead-letter stream in memory. */
export function fakeDeadLetters(): FakeDeadLetters {
  const stored = new Map<number, DeadLetter>();
  const replayed: FakeDeadLetters['replayed'] = [];
  return {
    stored,
    replayed,
    port: {
      async list({ clientId, reason, limit, before = Infinity }) {
        const found = [...stored.values()]
          .filter(
            (deadLetter) =>
              deadLetter.sequence < before &&
              (clientId ?? deadLetter.clientId) === deadLetter.clientId &&
              (reason ?? deadLetter.reason) === deadLetter.reason,
          )
          .sort((a, b) => b.sequence - a.sequence);
        const page = found.slice(0, limit).map(({ payload: _payload, isWhole: _isWhole, ...summary }) => summary);
        return { deadLetters: page, next: found.length > limit ? (page.at(-1)?.sequence ?? null) : null };
      },
      get: async (sequence) => stored.get(sequence) ?? null,
      async replay({ sequence }, { subject, payload }) {
        replayed.push({ subject, payload: new TextDecoder().decode(payload) });
        stored.delete(sequence);
        return { sequence: 1_000 + sequence };
      },
      drop: async (sequence) => stored.delete(sequence),
    },
  };
}

export function deadLetter(
  sequence: number,
  { bytes, ...others }: Partial<Omit<DeadLetter, 'bytes'>> & { bytes: string | Uint8Array },
): DeadLetter {
  const payload = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
  return {
    sequence,
    clientId: 'client-01',
    reason: 'json',
    detail: 'The event is not valid. The payload is no JSON.',
    subject: 'events.client-01.status',
    eventSequence: 500 + sequence,
    eventStoredAt: '2026-01-01T00:00:00.000Z',
    buriedAt: '2026-01-01T00:00:01.000Z',
    bytes: payload.length,
    preview: new TextDecoder().decode(payload).slice(0, 20),
    payload,
    isWhole: true,
    ...others,
  };
}
