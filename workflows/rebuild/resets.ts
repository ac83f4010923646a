import * as wf from '@temporalio/workflow';
import { resetUpdate, type ResetRequest } from '../messages.ts';
import { orRefuse } from '../alerts/actions.ts';
import type { RunLength } from '../shared/continue-as-new.ts';
import { checkUpToDate } from '../partition-set/acting.ts';
import type { PartitionSetRun } from '../partition-set/partition-set-run.ts';
import { startReset } from './start-recovery.ts';

/** Takes resets as updates. The answer comes when the reset has begun; the query `state` shows `recovery` until it is done. */
export function takingResets(run: PartitionSetRun, length: RunLength): void {
  wf.setHandler(
    resetUpdate,
    (_request: ResetRequest) => {
      length.signalled();
      run.updateInTask.note();
      return orRefuse(
        () => {
          run.noticeReset();
          checkUpToDate(run);
          startReset(run);
          run.show();
          return null;
        },
        (error) => run.faults.record(error),
      );
    },
    { validator: (_request: ResetRequest) => orRefuse(() => checkUpToDate(run)) },
  );
}
