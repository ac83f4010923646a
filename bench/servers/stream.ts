import type { Nats } from './stack.ts';

/** Messages between two looks at whether the server keeps up. */
const FLUSH_EVERY = 5_000;
const ACK_WITHIN_MS = 10_000;

export interface Payload {
  subject: string;
  data: object;
}

/** Stores events as fast as it goes, without an acknowledgement for each; resolves when the stream has all of them. */
export async function store(nats: Nats, events: Iterable<Payload>): Promise<number> {
  let count = 0;
  for (const { subject, data } of events) {
    nats.publish(subject, JSON.stringify(data));
    count += 1;
    if (count % FLUSH_EVERY === 0) await nats.flush();
  }
  // The last of a connection's messages is stored after all others.
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

/** Tells of every alert as it comes. Returns what ends it. */
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

/** Resolves when each of these clients has had its alert. */
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
