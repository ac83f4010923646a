import * as wf from '@temporalio/workflow';

/**
 * Whether an event proves `for` and `keepFiringFor` by its own time. Replay: in histories recorded before this patch only
 * the clock decided. Asked only when it matters, so most histories have no marker.
 */
export const mayProve = (): boolean => wf.patched('own-time-proof');
