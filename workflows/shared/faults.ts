import * as wf from '@temporalio/workflow';

const FAULTS_KEPT = 10;
/** Characters of one, stack included: the query `state` returns all of them. */
const FAULT_LENGTH = 2_000;

/**
 * A message whose handling fails is a bug, but must not block the workflow: the error is recorded, and the next message
 * is handled.
 */
export class Faults {
  /** Newest last. */
  readonly list: string[] = [];

  /** Returns the result of the work, or undefined if it failed. */
  guard<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.record(error);
      return undefined;
    }
  }

  record(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.list.push(`${new Date().toISOString()} ${text.slice(0, FAULT_LENGTH)}`);
    this.list.splice(0, this.list.length - FAULTS_KEPT);
    wf.log.error('message could not be handled', { error: text });
  }
}
