import * as wf from '@temporalio/workflow';

const FAULTS_KEPT = 10;

/** A message that fails is a bug, and must not freeze the workflow: it is told, and the next one is handled. */
export class Faults {
  /** The newest last. */
  readonly list: string[] = [];

  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.list.push(`${new Date().toISOString()} ${text}`);
      this.list.splice(0, this.list.length - FAULTS_KEPT);
      wf.log.error('a message could not be handled', { error: text });
    }
  }
}
