import type { Log } from '../../observability/log.ts';
import { DEGRADED, degraded, type DegradedReason } from '../../core/health/degraded.ts';
import { ownerOfWorkflow } from '../../core/model/ids.ts';
import type { HeldPartitionSet } from '../metrics-port.ts';

/** A set held for longer is logged and degrades the health. */
const WORTH_A_LINE_MS = 30_000;
const AGAIN_EVERY_MS = 600_000;

/** Logs each set whose events are held: once, then every 10 minutes, and when its events are delivered again. */
export class HeldPartitionSets {
  private readonly said = new Map<string, number>();
  private readonly log: Log;

  constructor(log: Log) {
    this.log = log;
  }

  /** Call it every few seconds. `nowMs`: epoch ms. */
  look(held: readonly HeldPartitionSet[], nowMs: number): void {
    const ids = new Set(held.map(({ workflowId }) => workflowId));
    for (const workflowId of this.said.keys()) {
      if (ids.has(workflowId)) continue;
      this.said.delete(workflowId);
      this.log.info(
        { ...ownerOfWorkflow(workflowId), workflowId },
        `events of the partition set ${workflowId} are delivered again`,
      );
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

/** The reasons in /healthz for a degraded subscriber. `nowMs`: epoch ms. */
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
      ? 'its workflow does not answer'
      : `it has ${waitingBytes} bytes that it cannot publish or forward`;
  return `Events of the partition set ${workflowId} have waited in the stream since ${new Date(sinceMs).toISOString()}: ${why}.`;
}
