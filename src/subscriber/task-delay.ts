/** Signals to a question: what asking costs does not show then. */
const SIGNALS_TO_A_QUESTION = 20;
/** The median of so many answers counts: one set that hangs must not hold up the others. */
const ANSWERS = 5;
/** Older ones say nothing about now. */
const FRESH_FOR_MS = 10_000;

/**
 * How long a workflow waits for its turn: by what those that are asked take to answer, as questions stand in the same queue as
 * signals. Times in milliseconds, of a clock that never runs back.
 */
export class TaskDelay {
  private signals = 0;
  private open = 0;
  private answers: { atMs: number; tookMs: number }[] = [];

  /** A signal was sent. Tells whether to ask the one that got it. */
  isToBeAsked(): boolean {
    this.signals += 1;
    return this.open === 0 && this.signals >= SIGNALS_TO_A_QUESTION;
  }

  async measure<T>(question: () => Promise<T>): Promise<T> {
    this.signals = 0;
    this.open += 1;
    const askedAtMs = performance.now();
    try {
      const answer = await question();
      this.answered(performance.now(), performance.now() - askedAtMs);
      return answer;
    } finally {
      this.open -= 1;
    }
  }

  answered(atMs: number, tookMs: number): void {
    this.answers = [...this.answers.slice(1 - ANSWERS), { atMs, tookMs }];
  }

  /** As far as is known; 0 where nobody was asked lately. */
  ms(nowMs: number): number {
    const fresh = this.answers.filter(({ atMs }) => nowMs - atMs < FRESH_FOR_MS);
    const took = fresh.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
    return took[took.length >> 1] ?? 0;
  }
}
