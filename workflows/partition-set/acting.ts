import { act, checkAction, keyOfAction } from '../../src/core/evaluation/actions/act.ts';
import type { ActionResult, OperatorAction } from '../../src/core/model/alert/operator-action.ts';
import { VigilError } from '../../src/core/primitives/errors.ts';
import { BEING_REBUILT } from '../alerts/actions.ts';
import type { RunState } from './run-state.ts';

/** Whether what people see of the set is what it has. @throws VigilError PARTITION_SET_NOT_FOUND, PARTITION_SET_BUSY */
export function checkUpToDate({ ended, recovery, muted, evaluation }: RunState): void {
  if (ended !== null) throw new VigilError('PARTITION_SET_NOT_FOUND', 'Its rule has ended.');
  if (recovery !== null || evaluation.comparison !== null) throw new VigilError('PARTITION_SET_BUSY', BEING_REBUILT);
  if (muted !== null || evaluation.muted !== null)
    throw new VigilError('PARTITION_SET_BUSY', 'It publishes nothing until it has caught up. Try again when it has.');
}

/** @throws VigilError as actOnAlert */
export function checkActionOn(run: RunState, action: OperatorAction): void {
  const { set, evaluation, outbox } = run;
  checkUpToDate(run);
  if (outbox.isFull())
    throw new VigilError('PARTITION_SET_BUSY', 'Its alerts cannot be published as fast as they arise. Try again.');
  const key = keyOfAction(set.rule, action);
  const workflowId = key === null ? null : evaluation.holderOf(key);
  if (workflowId !== null)
    throw new VigilError('ALERT_ELSEWHERE', `Send the update to the workflow ${workflowId}.`, { workflowId });
  checkAction(set, action);
}

/**
 * @throws VigilError PARTITION_SET_NOT_FOUND, PARTITION_SET_BUSY, ALERT_ELSEWHERE with `fields: {workflowId}`, and as
 *   checkAction
 */
export function actOnAlert(run: RunState, action: OperatorAction): ActionResult {
  checkActionOn(run, action);
  return act(run.set, action, Date.now());
}
