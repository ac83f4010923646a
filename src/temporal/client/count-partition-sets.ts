import type { Client } from '@temporalio/client';
import type { AlertPhase } from '../../core/model/alert/alert.ts';
import { answerWithin } from '../connection/answer-within.ts';
import { RULE_SET_WORKFLOW, SEARCH_ATTRIBUTES } from '../../../workflows/messages.ts';

export type SetCounts = Record<AlertPhase, number>;

const ANSWER_WITHIN_MS = 2_000;

/** The number of running partition sets by alert status, from visibility. @throws VigilError TEMPORAL_UNREACHABLE */
export async function countSets(client: Client): Promise<SetCounts> {
  const countOf = async (status: AlertPhase): Promise<number> => {
    const query = `WorkflowType='${RULE_SET_WORKFLOW}' AND ExecutionStatus='Running' AND ${SEARCH_ATTRIBUTES.ruleStatus}='${status}'`;
    const { count } = await answerWithin(client, ANSWER_WITHIN_MS, () => client.workflow.count(query));
    return count;
  };
  const [inactive, pending, firing] = await Promise.all([countOf('inactive'), countOf('pending'), countOf('firing')]);
  return { inactive, pending, firing };
}
