import proto from '@temporalio/proto';
import { defaultGrpcRetryOptions } from '@temporalio/client';

type RetryOptions = ReturnType<typeof defaultGrpcRetryOptions>;
/** What the server answers a call that has failed. */
export type CallStatus = Parameters<RetryOptions['delayFunction']>[1];

/** A run's last task is done again from the beginning of its history: half a second, or two on a busy machine. */
const BUSY = { initialIntervalMs: () => 80, factor: 1.2 };
const DETAILS_KEY = 'grpc-status-details-bin';
const EXHAUSTED = '/temporal.api.errordetails.v1.ResourceExhaustedFailure';

const { ResourceExhaustedFailure } = proto.temporal.api.errordetails.v1;
const { RESOURCE_EXHAUSTED_CAUSE_BUSY_WORKFLOW: BUSY_WORKFLOW } = proto.temporal.api.enums.v1.ResourceExhaustedCause;

/**
 * Whether the server refuses a call for one workflow that is busy for a moment: one that continues as new takes no signals from
 * when a signal got in its way until it has begun anew (consts.ErrWorkflowClosing of the server).
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
 * As the SDK tries failed calls again. But it takes a busy workflow for a server that is overloaded, and waits for 2 to 5 seconds: so
 * long would all events of a set that was just continuing as new.
 */
export const callRetry: RetryOptions = {
  retryableDecider: usual.retryableDecider,
  delayFunction: (attempt, status) => (isWorkflowBusy(status) ? soon : usual).delayFunction(attempt, status),
};
