import { ApplicationFailure, cancelled } from '@temporalio/activity';
import { ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';

/** So long after work that did not end in time, none is tried. */
const PAUSE_MS = 5_000;

/**
 * Work of local activities, for which tasks of workflows wait. A worker runs few tasks at a time: if each of them waited
 * for a stream that does not answer, no workflow would go on.
 */
export class PromptWork {
  private pausedUntilMs = -Infinity;
  private readonly nowMs: () => number;

  constructor(nowMs: () => number = () => performance.now()) {
    this.nowMs = nowMs;
  }

  /**
   * Runs the work until the time limit of the activity; it may still complete after that, and repeating it is harmless.
   * @throws ApplicationFailure, non-retryable, if such work is not tried now
   */
  async run(work: () => Promise<void>): Promise<void> {
    if (this.nowMs() < this.pausedUntilMs)
      throw ApplicationFailure.create({
        message: 'Work like this did not end in time a moment ago.',
        type: 'NOT_PROMPT',
        nonRetryable: true,
        // The log says why the other work failed: not once more for each of these.
        category: ApplicationFailureCategory.BENIGN,
      });
    try {
      await Promise.race([work(), cancelled()]);
    } catch (error) {
      if (error instanceof CancelledFailure) this.pausedUntilMs = this.nowMs() + PAUSE_MS;
      throw error;
    }
  }
}
