import * as wf from '@temporalio/workflow';

/**
 * Whether an alert costs Temporal little (docs/decisions/0042): it is published in the workflow task that made it, and
 * search attributes that flap are not written each time. Replay: not in histories recorded before this patch.
 */
export const fewerTasks = (): boolean => wf.patched('fewer-tasks');
