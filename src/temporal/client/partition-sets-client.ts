import type { ExplainRequest } from '../../core/explain/explain.ts';
import type { PartitionPage, PartitionsRequest } from '../../core/explain/list-partitions.ts';
import type { Explanation } from '../../core/explain/explanation.ts';
import { QueryRejectedError, WorkflowClient, WorkflowNotFoundError, type Client } from '@temporalio/client';
import {
  endSignal,
  eventsSignal,
  recoverySignal,
  resetUpdate,
  RULE_SET_WORKFLOW,
  RULE_SHARD_WORKFLOW,
  ruleSignal,
  explainQuery,
  partitionsQuery,
  stateQuery,
  type EventBatch,
  type PartitionSetInput,
  type PartitionSetView,
  type SplitPlan,
} from '../../../workflows/messages.ts';
import type { AlertPhase } from '../../core/model/alert/alert.ts';
import { describeRule, titleOf } from '../../core/language/describe.ts';
import { ruleOfPartitionSet } from '../../core/model/ids.ts';
import type { ActionInput, ActionResult, AlertAction } from '../../core/model/alert/operator-action.ts';
import type { PartitionSetEnd, RecoveryMessage } from '../../core/model/partition-set/partition-set-messages.ts';
import type { StoredRule } from '../../core/model/stored-rule/stored-rule.ts';
import type { Scalar } from '../../core/primitives/value.ts';
import { actOnAlert } from './act-on-alert.ts';
import { resetTo, type ResetHow, type ResetOutcome } from './reset-point.ts';
import { updateWorkflow } from './update-workflow.ts';
import { backlogOf } from './backlog.ts';
import { CLIENT_ID, RULE_ID, RULE_STATUS, RULE_VERSION } from './search-attributes.ts';

export type { PartitionSetEnd as SetEnd };

/** What is needed to start a partition set. */
export interface PartitionSetPlace {
  setId: string;
  group: Scalar[];
  startedAtMs: number;
  /** The set ran before, as far as the reader knows: if the signal starts it, it must be rebuilt from the stream. */
  ranBefore?: boolean;
}

/** A running partition set, from Temporal's visibility store, which lags slightly. */
export interface RunningPartitionSet {
  workflowId: string;
  clientId: string;
  ruleId: string;
  version: number;
  status: AlertPhase;
}

export interface SetsOf {
  clientIds: readonly string[];
  ruleId?: string;
}

export interface PartitionSetsClient {
  /** Delivers events; starts the set if it does not run. Resolves when Temporal has accepted the signal. */
  sendEvents(place: PartitionSetPlace, rule: StoredRule, batch: EventBatch): Promise<void>;
  /** Delivers events to a set, if it runs. */
  signalEvents(setId: string, batch: EventBatch): Promise<void>;
  /** Sends a rule version to a set; starts the set if it does not run. */
  sendRule(place: PartitionSetPlace, rule: StoredRule): Promise<void>;
  /** Sends a rule version to a set, if it runs. */
  changeRule(setId: string, rule: StoredRule): Promise<void>;
  /** Signals a set, if it runs, that the events it has requested begin or end. */
  sendRecovery(setId: string, message: RecoveryMessage): Promise<void>;
  /** Ids of the running shards of a set, from Temporal's visibility store. */
  shardsOf(setId: string): Promise<string[]>;
  /** Ends a set, if it runs. */
  end(setId: string, end: PartitionSetEnd): Promise<void>;
  /**
   * Bytes of JSON that a set has not applied, published or passed on, after it has handled all its signals. Rejects if
   * no worker answers.
   */
  waiting(setId: string): Promise<number>;
  /** The id of a set's newest run; null if Temporal does not answer. */
  runOf(setId: string): Promise<string | null>;
  /**
   * Ids of sets whose workflows did not complete (terminated, failed, canceled, timed out), within Temporal's
   * retention.
   */
  lost(): Promise<string[]>;
  /** The running sets of these clients, optionally of one rule; default: all in the namespace. */
  running(of?: SetsOf): Promise<RunningPartitionSet[]>;
  state(setId: string): Promise<PartitionSetView | null>;
  /** Some partitions of a partition set or a shard; null if it does not run. */
  partitions(workflowId: string, request: PartitionsRequest): Promise<PartitionPage | null>;
  /** Of a partition set or a shard; null if it does not run. */
  explain(workflowId: string, request: ExplainRequest): Promise<Explanation | null>;
  /**
   * Acts on an alert. Resolves when the workflow has applied the action.
   * @throws VigilError PARTITION_SET_NOT_FOUND, or the refusal of the workflow
   */
  act(setId: string, action: AlertAction, input: ActionInput): Promise<ActionResult>;
  /**
   * Has a set rebuild itself from the event stream, and publish the difference. Resolves when that has begun.
   * @throws VigilError PARTITION_SET_NOT_FOUND, PARTITION_SET_BUSY
   */
  reset(setId: string, by: string): Promise<void>;
  /**
   * Resets the workflow of a set to a time, epoch ms; resolves with the place, when the new run has begun. The set then
   * reads what it lacks from the event stream, and publishes the difference. `dryRun`: only finds the place.
   * @throws VigilError PARTITION_SET_NOT_FOUND, RESET_IMPOSSIBLE
   */
  resetTo(setId: string, atMs: number, how: ResetHow): Promise<ResetOutcome>;
}

const RUN_WITHIN_MS = 1_000;

/** Limits of a run; tests set low ones. */
export interface SetsSettings {
  signalsPerRun?: number | undefined;
  split?: SplitPlan | undefined;
}

export function createPartitionSetsClient(
  client: Client,
  taskQueue: string,
  { signalsPerRun, split }: SetsSettings = {},
): PartitionSetsClient {
  const { connection } = client;
  const { namespace, loadedDataConverter: dataConverter } = client.options;
  // Temporal would let workflows that have ended answer, too.
  const queried = new WorkflowClient({ connection, namespace, dataConverter, queryRejectCondition: 'NOT_OPEN' });
  const startOptions = ({ setId, group, startedAtMs, ranBefore = false }: PartitionSetPlace, rule: StoredRule) => ({
    workflowId: setId,
    taskQueue,
    priority: { fairnessKey: rule.rule.clientId },
    args: [
      {
        ...rule,
        group,
        startedAtMs,
        ...(ranBefore && { isBegunAnew: true }),
        ...(signalsPerRun !== undefined && { signalsPerRun }),
        ...(split !== undefined && { split }),
      },
    ] as [PartitionSetInput],
    staticSummary: titleOf(rule.rule),
    staticDetails: `\`${describeRule(rule.rule)}\``,
    typedSearchAttributes: [
      { key: CLIENT_ID, value: rule.rule.clientId },
      { key: RULE_ID, value: rule.rule.id },
      { key: RULE_STATUS, value: 'inactive' },
      { key: RULE_VERSION, value: rule.version },
    ],
  });
  return {
    async sendEvents(place, rule, batch) {
      await client.workflow.signalWithStart(RULE_SET_WORKFLOW, {
        ...startOptions(place, rule),
        signal: eventsSignal,
        signalArgs: [{ ...batch, setId: place.setId }],
      });
    },
    async signalEvents(setId, batch) {
      await ifRunning(() => client.workflow.getHandle(setId).signal(eventsSignal, { ...batch, setId }));
    },
    async sendRule(place, rule) {
      await client.workflow.signalWithStart(RULE_SET_WORKFLOW, {
        ...startOptions(place, rule),
        signal: ruleSignal,
        signalArgs: [rule],
      });
    },
    async changeRule(setId, rule) {
      await ifRunning(() => client.workflow.getHandle(setId).signal(ruleSignal, rule));
    },
    async sendRecovery(setId, message) {
      await ifRunning(() => client.workflow.getHandle(setId).signal(recoverySignal, message));
    },
    async shardsOf(setId) {
      const [clientId = '', , ruleId = ''] = ruleOfPartitionSet(setId).split('/');
      const query = `WorkflowType='${RULE_SHARD_WORKFLOW}' AND ${RUNNING} AND ClientId='${clientId}' AND RuleId='${ruleId}'`;
      const ids: string[] = [];
      for await (const { workflowId } of client.workflow.list({ query }))
        if (workflowId.startsWith(`${setId}/shard-`)) ids.push(workflowId);
      return ids;
    },
    async end(setId, end) {
      await ifRunning(() => client.workflow.getHandle(setId).signal(endSignal, { ...end, setId }));
    },
    waiting: (setId) => backlogOf(client, setId),
    async runOf(setId) {
      try {
        const { runId } = await client.withDeadline(Date.now() + RUN_WITHIN_MS, () =>
          client.workflow.getHandle(setId).describe(),
        );
        return runId;
      } catch {
        return null;
      }
    },
    async lost() {
      const ids = new Set<string>();
      for await (const { workflowId } of client.workflow.list({ query: LOST_QUERY })) ids.add(workflowId);
      return [...ids];
    },
    async running(of) {
      const found: RunningPartitionSet[] = [];
      // One at a time, because Temporal limits the rate of list calls.
      for (const query of runningQueries(of)) {
        for await (const { workflowId, typedSearchAttributes } of client.workflow.list({ query })) {
          found.push({
            workflowId,
            clientId: typedSearchAttributes.get(CLIENT_ID) ?? '',
            ruleId: typedSearchAttributes.get(RULE_ID) ?? '',
            version: typedSearchAttributes.get(RULE_VERSION) ?? 0,
            status: (typedSearchAttributes.get(RULE_STATUS) ?? 'inactive') as AlertPhase,
          });
        }
      }
      return found;
    },
    async state(setId) {
      return ifRunning(() => client.workflow.getHandle(setId).query(stateQuery));
    },
    async partitions(workflowId, request) {
      return ifRunning(() => queried.getHandle(workflowId).query(partitionsQuery, request));
    },
    async explain(workflowId, request) {
      return ifRunning(() => queried.getHandle(workflowId).query(explainQuery, request));
    },
    act: (setId, action, input) => actOnAlert(client, setId, action, input),
    async reset(setId, by) {
      await updateWorkflow(client, setId, resetUpdate, [{ by }]);
    },
    async resetTo(setId, atMs, how) {
      const view = await ifRunning(() => queried.getHandle(setId).query(stateQuery));
      const point = await resetTo(client, setId, atMs, how);
      // The shards of a split set do not go back with it: it is rebuilt.
      return { ...point, readsFromMs: view?.shards === undefined ? point.atMs : view.state.startedAt };
    },
  };
}

async function ifRunning<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || error instanceof QueryRejectedError) return null;
    throw error;
  }
}

const RUNNING = "ExecutionStatus='Running'";
const LOST_QUERY = `WorkflowType='${RULE_SET_WORKFLOW}' AND ExecutionStatus IN ('Terminated', 'Failed', 'Canceled', 'TimedOut')`;

/** Clients per query, which limits it to about 7 kB. */
const CLIENTS_PER_QUERY = 100;

/** Ids have only a-z, 0-9 and "-", so they need no escaping. */
function runningQueries(of?: SetsOf): string[] {
  const running = `WorkflowType='${RULE_SET_WORKFLOW}' AND ${RUNNING}`;
  if (of === undefined) return [running];
  const { clientIds, ruleId } = of;
  const ofRule = ruleId === undefined ? running : `${running} AND RuleId='${ruleId}'`;
  const queries: string[] = [];
  for (let from = 0; from < clientIds.length; from += CLIENTS_PER_QUERY) {
    const named = clientIds.slice(from, from + CLIENTS_PER_QUERY).map((clientId) => `'${clientId}'`);
    queries.push(`${ofRule} AND ClientId IN (${named.join(',')})`);
  }
  return queries;
}
