import type { Log } from '../../observability/log.ts';
import { DEGRADED, degraded, type DegradedReason } from '../../core/health/degraded.ts';
import { ownerOfWorkflow } from '../../core/model/ids.ts';
import type { HeldPartitionSet } from '../metrics-port.ts';

/** From then on a person should look. */
const WORTH_A_LINE_MS = 30_000;
const AGAIN_EVERY_MS = 600_000;

/** Tells the log of each set whose events are held, again while they are, and when they go on. */
export class HeldPartitionSets {
  private readonly said = new Map<string, number>();
  private readonly log: Log;

  constructor(log: Log) {
    this.log = log;
  }

  /** To be called every few seconds. */
  look(held: readonly HeldPartitionSet[], nowMs: number): void {
    const ids = new Set(held.map(({ workflowId }) => workflowId));
    for (const workflowId of this.said.keys()) {
      if (ids.has(workflowId)) continue;
      this.said.delete(workflowId);
      this.log.info({ ...ownerOfWorkflow(workflowId), workflowId }, `events of the partition set ${workflowId} go on`);
    }
    for (const set of held.filter((each) => isLong(each, nowMs))) {
      const { workflowId, sinceMs, waitingBytes } = set;
      if (nowMs - (this.said.get(workflowId) ?? -Infinity) < AGAIN_EVERY_MS) continue;
      this.said.set(workflowId, nowMs);
      const since = new Date(sinceMs).toISOString();
      this.log.error(
        { ...ownerOfWorkflow(workflowId), workflowId, since, waitingBytes },
        `${whatOf(set)} ${DEGRADED.SET_HELD}`,
      );
    }
  }
}

/** Why /healthz says that the subscriber is degraded. */
export const heldReasons = (held: readonly HeldPartitionSet[], nowMs: number): DegradedReason[] =>
  held
    .filter((set) => isLong(set, nowMs))
    .map((set) => {
      const { workflowId, sinceMs, waitingBytes } = set;
      return degraded('SET_HELD', whatOf(set), sinceMs, { ...ownerOfWorkflow(workflowId), workflowId, waitingBytes });
    });

const isLong = ({ sinceMs }: HeldPartitionSet, nowMs: number): boolean => nowMs - sinceMs >= WORTH_A_LINE_MS;

function whatOf({ workflowId, sinceMs, waitingBytes }: HeldPartitionSet): string {
  const why =
    waitingBytes === null
      ? 'nobody answers for its workflow'
      : `it has ${waitingBytes} bytes that it cannot publish or pass on`;
  return `Events of the partition set ${workflowId} wait in the stream since ${new Date(sinceMs).toISOString()}: ${why}.`;
}
