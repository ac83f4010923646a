import proto from '@temporalio/proto';
import { defaultGrpcRetryOptions } from '@temporalio/client';

type RetryOptions = ReturnType<typeof defaultGrpcRetryOptions>;
/** Status of a failed call. */
export type CallStatus = Parameters<RetryOptions['delayFunction']>[1];

/** The last task of a run is retried from the start of its history: 0.5 s, or 2 s on a busy machine. */
const BUSY = { initialIntervalMs: () => 80, factor: 1.2 };
const DETAILS_KEY = 'grpc-status-details-bin';
const EXHAUSTED = '/temporal.api.errordetails.v1.ResourceExhaustedFailure';

const { ResourceExhaustedFailure } = proto.temporal.api.errordetails.v1;
const { RESOURCE_EXHAUSTED_CAUSE_BUSY_WORKFLOW: BUSY_WORKFLOW } = proto.temporal.api.enums.v1.ResourceExhaustedCause;

/**
 * Whether the server rejected a call because one workflow is briefly busy: a workflow that continues as new accepts no
 * signals between a conflicting signal and the start of its new run (consts.ErrWorkflowClosing of the server).
 */
export function isWorkflowBusy({ metadata }: Pick<CallStatus, 'metadata'>): boolean {
  const [details] = metadata.get(DETAILS_KEY);
  if (!(details instanceof Uint8Array)) return false;
  return proto.google.rpc.Status.decode(details).details.some(
    ({ type_url: type, value }) =>
      type?.endsWith(EXHAUSTED) === true &&
      ResourceExhaustedFailure.decode(value ?? new Uint8Array()).cause === BUSY_WORKFLOW,
  );
}

const usual = defaultGrpcRetryOptions();
const soon = defaultGrpcRetryOptions(BUSY);

/**
 * The SDK's retry policy, except for busy workflows: the SDK treats them like an overloaded server and waits for 2 to 5
 * s, which would delay all events of a partition set that is continuing as new.
 */
export const callRetry: RetryOptions = {
  retryableDecider: usual.retryableDecider,
  delayFunction: (attempt, status) => (isWorkflowBusy(status) ? soon : usual).delayFunction(attempt, status),
};
