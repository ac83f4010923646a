/**
 * Which messages of a stream were delivered and are not done with. Knows so whether an earlier message of the same subject
 * still waits, which ones are done although the server may not know it, and where a new consumer has to go on.
 */
export interface Unsettled {
  delivered(sequence: number, subject: string): void;
  /** Done with; `confirmed` once the server has said that it knows. */
  settled(sequence: number, confirmed: boolean): void;
  isSettled(sequence: number): boolean;
  /** An earlier message of this subject still waits for its retry. */
  hasEarlier(sequence: number, subject: string): boolean;
  waiting(): number;
  /** The first sequence that a new consumer has to deliver. */
  resumeAt(): number;
}

/** `lastSettled`: everything up to this sequence is done. */
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
      // What nobody will deliver again need not be remembered.
      const floor = resumeAt();
      for (const [old, known] of settled) if (known && old < floor) settled.delete(old);
    },
    isSettled: (sequence) => settled.has(sequence),
    hasEarlier: (sequence, subject) => [...open].some(([other, of]) => other < sequence && of === subject),
    waiting: () => open.size,
    resumeAt,
  };
}
