import { writeJson } from '../../core/primitives/text/write-json.ts';
import type { AlertEnvelope } from '../../core/model/alert/alert.ts';
import { DELIVERED, type SinkResult, type Sink } from './sink.ts';

export interface WebhookOptions {
  url: string;
  headers?: Record<string, string> | undefined;
  timeoutMs: number;
}

const TOO_MANY_REQUESTS = 429;
const REQUEST_TIMEOUT = 408;
const SERVER_ERRORS_FROM = 500;

/**
 * Posts the CloudEvent as structured JSON. `Idempotency-Key` is the alert id, the same for every attempt, so that the
 * receiver can drop duplicates. Retries if there is no response or on 5xx, 429 and 408; other errors are final.
 */
export function webhookSink({ url, headers, timeoutMs }: WebhookOptions): Sink {
  return {
    async deliver(alert) {
      try {
        const answer = await fetch(url, requestFor(alert, headers, timeoutMs));
        await answer.body?.cancel();
        return answer.ok ? DELIVERED : refusal(answer);
      } catch (error) {
        return { ok: false, retry: true, reason: reasonOf(error, timeoutMs) };
      }
    },
  };
}

function requestFor(alert: AlertEnvelope, headers: WebhookOptions['headers'], timeoutMs: number): RequestInit {
  return {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/cloudevents+json', 'idempotency-key': alert.id },
    body: writeJson(alert),
    // Following a redirect can turn the POST into a GET.
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  };
}

function refusal({ status, headers }: Response): SinkResult {
  const retry = status >= SERVER_ERRORS_FROM || status === TOO_MANY_REQUESTS || status === REQUEST_TIMEOUT;
  const location = headers.get('location');
  const reason = `answered ${status}${location === null ? '' : ` with a redirect to ${location}; set url to that address`}`;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return { ok: false, retry, reason, ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1_000 } : {}) };
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
