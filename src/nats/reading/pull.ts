import { createInbox, Events, nanos, type Msg, type NatsConnection, type QueuedIterator, type Status } from 'nats';

/** What is asked for at once; no more than twice as much ever waits here, as nothing is asked for while much does. */
const MESSAGES_AT_ONCE = 500;
const BYTES_AT_ONCE = 8 * 1024 * 1024;
const EXPIRES_MS = 30_000;
const HEARTBEAT_MS = 5_000;
/** Without a sign of life for so long, what was asked for is lost. */
const SILENT_MS = 2 * HEARTBEAT_MS + 1_000;

/** Of a status that the server sends in place of a message. */
const [HEARTBEAT, NOTHING_THERE, EXPIRED, CONFLICT] = [100, 404, 408, 409];
const TOO_LARGE = /exceeds maxbytes/i;
const IS_DONE = /batch completed/i;

/**
 * The messages of a pull consumer, in the batches in which they come. More are asked for only when those that came have been
 * taken: what a slow reader does not take stays in the stream. (The client's own `consume()` of an ordered consumer asks for more as
 * soon as messages come, so that all of a backlog would wait in memory.) Where the connection breaks or the consumer is gone, what
 * has come is given, then it throws: whoever reads begins anew behind that.
 */
export class Pull implements AsyncIterable<Msg[]> {
  private waiting: Msg[] = [];
  private waitingBytes = 0;
  /** Of what was asked for, messages that may still come. */
  private left = 0;
  private bytesAtOnce = BYTES_AT_ONCE;
  private heardAtMs = performance.now();
  private error: Error | null = null;
  private isOver = false;
  private wake: () => void = () => undefined;
  private readonly inbox = createInbox();
  /** How often has been asked. */
  private turn = 0;
  private readonly subject: string;
  private readonly nats: NatsConnection;
  private readonly ends: (() => void)[];

  constructor(nats: NatsConnection, { stream, consumer }: { stream: string; consumer: string }) {
    this.nats = nats;
    this.subject = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`;
    const subscription = nats.subscribe(`${this.inbox}.*`, {
      callback: (error, message) => (error === null ? this.hear(message) : this.fail(error.message)),
    });
    const silence = setInterval(
      () => this.left > 0 && performance.now() - this.heardAtMs > SILENT_MS && this.fail('nothing is heard of it'),
      HEARTBEAT_MS,
    );
    silence.unref();
    // It is one, though its type does not say so.
    const status = nats.status() as QueuedIterator<Status>;
    void (async () => {
      for await (const { type } of status) if (type === Events.Disconnect) this.fail('the connection broke');
    })();
    this.ends = [() => subscription.unsubscribe(), () => clearInterval(silence), () => status.stop()];
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Msg[]> {
    for (;;) {
      this.askIfRoom();
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

  private askIfRoom(): void {
    if (
      this.isOver ||
      this.left > 0 ||
      this.waiting.length >= MESSAGES_AT_ONCE ||
      this.waitingBytes >= BYTES_AT_ONCE / 2
    )
      return;
    this.turn += 1;
    this.left = MESSAGES_AT_ONCE;
    this.heardAtMs = performance.now();
    const wish = {
      batch: MESSAGES_AT_ONCE,
      max_bytes: this.bytesAtOnce,
      expires: nanos(EXPIRES_MS),
      idle_heartbeat: nanos(HEARTBEAT_MS),
    };
    this.nats.publish(this.subject, JSON.stringify(wish), { reply: this.asked() });
  }

  private hear(message: Msg): void {
    this.heardAtMs = performance.now();
    // A message has the subject of its event, and only what the server itself says has that of the question.
    if (message.subject.startsWith(this.inbox)) return this.hearStatus(message);
    this.waiting.push(message);
    this.waitingBytes += message.data.length;
    this.left -= 1;
    this.askIfRoom();
    this.wake();
  }

  private hearStatus({ subject, headers }: Msg): void {
    const { code = 0, description = '' } = headers ?? {};
    if (code === HEARTBEAT) return;
    const isTooLarge = code === CONFLICT && TOO_LARGE.test(description);
    const isDone =
      code === NOTHING_THERE || code === EXPIRED || isTooLarge || (code === CONFLICT && IS_DONE.test(description));
    if (!isDone) return this.fail(`${code} ${description}`);
    // Of a question before the last one nothing more is to come.
    if (subject !== this.asked()) return;
    // A server may take larger messages than it does by default.
    if (isTooLarge && this.left === MESSAGES_AT_ONCE) this.bytesAtOnce *= 2;
    this.left = 0;
    this.askIfRoom();
  }

  /** Where the server answers what was asked for last. */
  private asked(): string {
    return `${this.inbox}.${this.turn}`;
  }

  private fail(reason: string): void {
    if (this.isOver) return;
    this.error = new Error(`reading ${this.subject} broke off: ${reason}`);
    this.stop();
  }
}
