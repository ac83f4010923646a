import * as wf from '@temporalio/workflow';
import { VigilError } from '../../src/core/primitives/errors.ts';
import { resetUpdate, type ResetRequest } from '../messages.ts';
import { orRefuse } from '../shared/actions.ts';
import type { RunLength } from '../shared/continue-as-new.ts';
import type { PartitionSetRun } from './partition-set-run.ts';
import { startReset } from './rebuilding.ts';
import type { RunState } from './run-state.ts';

/** Takes resets as updates. The answer comes when the reset has begun; the query `state` shows `recovery` until it is done. */
export function takingResets(run: PartitionSetRun, length: RunLength): void {
  wf.setHandler(
    resetUpdate,
    (_request: ResetRequest) => {
      length.signalled();
      return orRefuse(
        () => {
          checkReset(run);
          const result = startReset(run);
          run.show();
          return result;
        },
        (error) => run.faults.record(error),
      );
    },
    { validator: (_request: ResetRequest) => orRefuse(() => checkReset(run)) },
  );
}

/** @throws VigilError PARTITION_SET_NOT_FOUND, PARTITION_SET_BUSY */
function checkReset({ ended, recovery }: RunState): void {
  if (ended !== null) throw new VigilError('PARTITION_SET_NOT_FOUND', 'Its rule has ended.');
  if (recovery !== null)
    throw new VigilError('PARTITION_SET_BUSY', 'It is being rebuilt from the event stream. Try again when it is done.');
}
