import * as wf from '@temporalio/workflow';
import { readAction } from '../../src/core/alerts/read-action.ts';
import { ALERT_ACTIONS, type ActionResult, type OperatorAction } from '../../src/core/model/alert/operator-action.ts';
import { VigilError } from '../../src/core/primitives/errors.ts';
import { ACTION_UPDATES } from '../messages.ts';
import type { RunLength } from '../shared/continue-as-new.ts';
import type { Faults } from '../shared/faults.ts';
import type { UpdateInTask } from './update-in-task.ts';

/** Why an action has to wait: the alerts are not yet what they will be. */
export const BEING_REBUILT = 'It is being rebuilt from the event stream. Try again when it is done.';

/** A workflow that holds alerts. Both methods throw a VigilError if the action is not possible now. */
export interface HoldsAlerts {
  readonly faults: Faults;
  readonly updateInTask: UpdateInTask;
  checkAction(action: OperatorAction): void;
  act(action: OperatorAction): ActionResult;
}

/**
 * Takes actions on alerts as updates. Call it after the handlers of signals are set: those of earlier events come first.
 * A validator refuses what is not possible, so that it leaves no trace in the history.
 */
export function takingActions(run: HoldsAlerts, length: RunLength): void {
  for (const name of ALERT_ACTIONS) {
    wf.setHandler(
      ACTION_UPDATES[name],
      (input) => {
        length.signalled();
        run.updateInTask.note();
        return orRefuse(
          () => run.act(readAction(name, input, Date.now())),
          (error) => run.faults.record(error),
        );
      },
      // It must not change the workflow, so it records no fault.
      { validator: (input) => orRefuse(() => run.checkAction(readAction(name, input, Date.now()))) },
    );
  }
}

/** For an update or its validator: any other error than an ApplicationFailure would fail the workflow task. */
export function orRefuse<T>(work: () => T, recordFault: (error: unknown) => void = () => undefined): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof VigilError) throw wf.ApplicationFailure.nonRetryable(error.message, error.code, error.fields);
    recordFault(error);
    throw wf.ApplicationFailure.nonRetryable('The update failed: see `faults` in the query `state`.');
  }
}
