import type { Nats } from './stack.ts';

/** Messages between flushes, which wait for the server. */
const FLUSH_EVERY = 5_000;
const ACK_WITHIN_MS = 10_000;

export interface Payload {
  subject: string;
  data: object;
}

/** Publishes events without acknowledgements, as fast as possible; resolves when the stream has all of them. */
export async function store(nats: Nats, events: Iterable<Payload>): Promise<number> {
  let count = 0;
  for (const { subject, data } of events) {
    nats.publish(subject, JSON.stringify(data));
    count += 1;
    if (count % FLUSH_EVERY === 0) await nats.flush();
  }
  // Messages of a connection are stored in order, so the last one comes after all others.
  await nats.jetstream().publish('events.bench.end', '{}', { timeout: ACK_WITHIN_MS });
  return count;
}

export interface SeenAlert {
  clientId: string;
  ruleId: string;
  status: string;
  partition: Record<string, unknown>;
  atMs: number;
}

/** Calls `seen` for every new alert. Returns a function that stops it. */
export async function onAlert(nats: Nats, seen: (alert: SeenAlert) => void): Promise<() => void> {
  const subscription = nats.subscribe('alerts.>', {
    callback(error, message) {
      if (error !== null) return;
      const { data } = message.json<{ data: Omit<SeenAlert, 'atMs'> }>();
      seen({ ...data, atMs: performance.now() });
    },
  });
  await nats.flush();
  return () => subscription.unsubscribe();
}

/** Resolves when each of these clients has an alert that matches. */
export async function untilEach(
  nats: Nats,
  clientIds: readonly string[],
  isIt: (alert: SeenAlert) => boolean,
): Promise<void> {
  const missing = new Set(clientIds);
  const { promise, resolve } = deferred();
  const end = await onAlert(nats, (alert) => {
    if (isIt(alert)) missing.delete(alert.clientId);
    if (missing.size === 0) resolve();
  });
  await promise;
  end();
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
