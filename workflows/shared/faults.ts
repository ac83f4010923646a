import * as wf from '@temporalio/workflow';

const FAULTS_KEPT = 10;
/** Characters of one, stack included: all of them are in the answer of the query `state`. */
const FAULT_LENGTH = 2_000;

/** A message that fails is a bug, and must not freeze the workflow: it is recorded, and the next one is handled. */
export class Faults {
  /** The newest last. */
  readonly list: string[] = [];

  /** What the work returns; undefined where it has failed. */
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
    wf.log.error('a message could not be handled', { error: text });
  }
}
