import * as wf from '@temporalio/workflow';
import { MAY_WAIT_BYTES } from '../../src/core/model/partition-set/partition-set-messages.ts';
import { BACKLOG_MEMO } from '../messages.ts';

/**
 * Reports in the memo when the set's backlog exceeds MAY_WAIT_BYTES, and when it keeps up again. The reader finds it in
 * Temporal's description of the workflow, which needs no worker. A query needs one, and may break the history
 * (docs/decisions/0015).
 */
export async function reportingBacklog(run: { waiting(): number }): Promise<void> {
  let reported = Number(wf.workflowInfo().memo?.[BACKLOG_MEMO] ?? 0);
  const isBehind = (): boolean => run.waiting() > MAY_WAIT_BYTES;
  for (;;) {
    await wf.condition(() => isBehind() !== reported > 0);
    // Replay: histories recorded before this patch did not report it.
    if (!wf.patched('backlog-memo')) return;
    reported = isBehind() ? run.waiting() : 0;
    wf.upsertMemo({ [BACKLOG_MEMO]: reported });
  }
}
