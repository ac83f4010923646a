/**
 * Tracks delivered messages that are not settled. Knows whether an earlier message of a subject still waits, which
 * messages are settled but possibly not acknowledged, and where a new consumer must start.
 */
export interface Unsettled {
  delivered(sequence: number, subject: string): void;
  /** Marks a message as settled; `confirmed`: the server has confirmed the acknowledgement. */
  settled(sequence: number, confirmed: boolean): void;
  isSettled(sequence: number): boolean;
  /** Whether an earlier message of this subject still waits for a retry. */
  hasEarlier(sequence: number, subject: string): boolean;
  waiting(): number;
  /** The first sequence that a new consumer must deliver. */
  resumeAt(): number;
}

/** `lastSettled`: all messages up to this sequence are settled. */
export function createUnsettled(lastSettled: number): Unsettled {
  const open = new Map<number, string>();
  const settled = new Map<number, boolean>();
  let highest = lastSettled;
  const resumeAt = (): number => Math.min(highest + 1, ...open.keys());

  return {
    delivered(sequence, subject) {
      open.set(sequence, subject);
      highest = Math.max(highest, sequence);
    },
    settled(sequence, confirmed) {
      open.delete(sequence);
      settled.set(sequence, confirmed);
      // Messages that cannot be redelivered need not be tracked.
      const floor = resumeAt();
      for (const [old, known] of settled) if (known && old < floor) settled.delete(old);
    },
    isSettled: (sequence) => settled.has(sequence),
    hasEarlier: (sequence, subject) => [...open].some(([other, of]) => other < sequence && of === subject),
    waiting: () => open.size,
    resumeAt,
  };
}
