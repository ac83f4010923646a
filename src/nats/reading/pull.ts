import { createInbox, Events, nanos, type Msg, type NatsConnection, type QueuedIterator, type Status } from 'nats';

/** Size of a pull request. At most twice as much is buffered, because no request is sent while the buffer is full. */
const MESSAGES_AT_ONCE = 500;
const BYTES_AT_ONCE = 8 * 1024 * 1024;
const EXPIRES_MS = 30_000;
const HEARTBEAT_MS = 5_000;
/** A pull request without a heartbeat for this time is lost. */
const SILENT_MS = 2 * HEARTBEAT_MS + 1_000;

/** Codes of status messages of the server. */
const [HEARTBEAT, NOTHING_THERE, EXPIRED, CONFLICT] = [100, 404, 408, 409];
const TOO_LARGE = /exceeds maxbytes/i;
const IS_DONE = /batch completed/i;

/**
 * The messages of a pull consumer, in batches. Pulls more only after the buffered messages have been read, so that the
 * backlog of a slow reader stays in the stream. (The client's own `consume()` of an ordered consumer pulls as soon as
 * messages arrive, and would buffer the whole backlog.) If the connection or the consumer is lost, it returns the
 * buffered messages and then throws; the reader starts again after them.
 */
export class Pull implements AsyncIterable<Msg[]> {
  private waiting: Msg[] = [];
  private waitingBytes = 0;
  /** Messages of the current pull request that can still arrive. */
  private left = 0;
  private bytesAtOnce = BYTES_AT_ONCE;
  private lastMessageAtMs = performance.now();
  private error: Error | null = null;
  private isOver = false;
  private wake: () => void = () => undefined;
  private readonly inbox = createInbox();
  /** Number of pull requests sent. */
  private turn = 0;
  private readonly subject: string;
  private readonly nats: NatsConnection;
  private readonly ends: (() => void)[];

  constructor(nats: NatsConnection, { stream, consumer }: { stream: string; consumer: string }) {
    this.nats = nats;
    this.subject = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`;
    const subscription = nats.subscribe(`${this.inbox}.*`, {
      callback: (error, message) => (error === null ? this.onMessage(message) : this.fail(error.message)),
    });
    const heartbeatTimer = setInterval(
      () => this.left > 0 && performance.now() - this.lastMessageAtMs > SILENT_MS && this.fail('no heartbeat'),
      HEARTBEAT_MS,
    );
    heartbeatTimer.unref();
    // The type does not say that it is a QueuedIterator.
    const status = nats.status() as QueuedIterator<Status>;
    void (async () => {
      for await (const { type } of status) if (type === Events.Disconnect) this.fail('the connection was lost');
    })();
    this.ends = [() => subscription.unsubscribe(), () => clearInterval(heartbeatTimer), () => status.stop()];
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Msg[]> {
    for (;;) {
      this.pullIfRoom();
      while (this.waiting.length === 0) {
        if (this.error !== null) throw this.error;
        if (this.isOver) return;
        await new Promise<void>((resolve) => (this.wake = resolve));
      }
      const batch = this.waiting;
      this.waiting = [];
      this.waitingBytes = 0;
      yield batch;
    }
  }

  stop(): void {
    if (this.isOver) return;
    this.isOver = true;
    for (const end of this.ends) end();
    this.wake();
  }

  private pullIfRoom(): void {
    if (
      this.isOver ||
      this.left > 0 ||
      this.waiting.length >= MESSAGES_AT_ONCE ||
      this.waitingBytes >= BYTES_AT_ONCE / 2
    )
      return;
    this.turn += 1;
    this.left = MESSAGES_AT_ONCE;
    this.lastMessageAtMs = performance.now();
    const request = {
      batch: MESSAGES_AT_ONCE,
      max_bytes: this.bytesAtOnce,
      expires: nanos(EXPIRES_MS),
      idle_heartbeat: nanos(HEARTBEAT_MS),
    };
    this.nats.publish(this.subject, JSON.stringify(request), { reply: this.replySubject() });
  }

  private onMessage(message: Msg): void {
    this.lastMessageAtMs = performance.now();
    // A message has its event's subject; only status messages have the subject of the pull request.
    if (message.subject.startsWith(this.inbox)) return this.onStatus(message);
    this.waiting.push(message);
    this.waitingBytes += message.data.length;
    this.left -= 1;
    this.pullIfRoom();
    this.wake();
  }

  private onStatus({ subject, headers }: Msg): void {
    const { code = 0, description = '' } = headers ?? {};
    if (code === HEARTBEAT) return;
    const isTooLarge = code === CONFLICT && TOO_LARGE.test(description);
    const isDone =
      code === NOTHING_THERE || code === EXPIRED || isTooLarge || (code === CONFLICT && IS_DONE.test(description));
    if (!isDone) return this.fail(`${code} ${description}`);
    // Ignores the status of an earlier pull request.
    if (subject !== this.replySubject()) return;
    // The server can allow messages larger than the default.
    if (isTooLarge && this.left === MESSAGES_AT_ONCE) this.bytesAtOnce *= 2;
    this.left = 0;
    this.pullIfRoom();
  }

  /** Reply subject of the last pull request. */
  private replySubject(): string {
    return `${this.inbox}.${this.turn}`;
  }

  private fail(reason: string): void {
    if (this.isOver) return;
    this.error = new Error(`reading ${this.subject} failed: ${reason}`);
    this.stop();
  }
}
