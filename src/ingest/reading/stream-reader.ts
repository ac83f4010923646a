import type { Log } from '../../observability/log.ts';
import { laneOf } from '../../core/matching/lane.ts';
import type { Lane } from '../routing/lane.ts';
import type { EventLogPort, LogReading, ReadingPosition } from '../ports.ts';
import { clientOf } from '../routing/decode.ts';
import { SharedQuestion } from '../watermark/shared-question.ts';
import { ignoreStop, orStop } from '../stopped.ts';
import { earlier, STREAM_START, type StreamPosition } from './stream-position.ts';
import { Waiters } from '../waiters.ts';

export interface StreamReaderDeps {
  log: EventLogPort;
  /** Number of lanes. */
  count: number;
  persist: (work: () => Promise<void>) => Promise<void>;
  logger: Log;
  stopping: AbortSignal;
}

/** How long a position of the server may be reused. Bounded, so that a clock that was ahead is soon corrected. */
const KNOWN_FOR_MS = 1_000;

/** Reads the event stream in order, once for all lanes of this process, and gives each lane its messages. */
export class StreamReader {
  /** Up to where the lanes have received the stream. */
  position: StreamPosition = STREAM_START;
  /** Messages in the stream after that position when it was read. */
  left = 0;
  private readonly lanes = new Map<number, Lane>();
  private reading: LogReading | null = null;
  /** Aborts the current reading, when another one must start further back. */
  private over = new AbortController();
  private readonly lanesCame = new Waiters();
  private readonly moved = new Waiters();
  private readonly question = new SharedQuestion(() => this.ask());
  /** The newest position with no pending messages, and when it arrived (ms, monotonic clock). */
  private known: { seen: ReadingPosition; sinceMs: number } | null = null;
  private readonly deps: StreamReaderDeps;

  constructor(deps: StreamReaderDeps) {
    this.deps = deps;
  }

  /** Adds lanes at their ack floors; the other lanes skip what they have received already. */
  add(lanes: readonly Lane[]): void {
    const before = this.lanes.size === 0 ? null : this.position;
    const start = lanes.map((lane) => lane.floor()).reduce(earlier);
    for (const lane of [...this.lanes.values(), ...lanes]) lane.rebase();
    for (const lane of lanes) this.lanes.set(lane.number, lane);
    this.lanesCame.wake();
    if (before !== null && start.sequence >= before.sequence) return;
    this.position = start;
    this.over.abort();
  }

  reads(lane: Lane): boolean {
    return this.lanes.get(lane.number) === lane;
  }

  remove(lane: Lane): void {
    if (this.reads(lane)) this.lanes.delete(lane.number);
  }

  /** Whether events are being read, or no lane needs them. */
  isReading(): boolean {
    return this.reading !== null || this.lanes.size === 0;
  }

  /** Resolves when stopped. After a failure, reading continues after the last delivered message. */
  async run(): Promise<void> {
    const { persist, stopping } = this.deps;
    while (!stopping.aborted) {
      if (this.lanes.size === 0) await ignoreStop(this.lanesCame.wait(stopping));
      this.over = new AbortController();
      await ignoreStop(persist(() => this.begin()));
      await this.readOn(AbortSignal.any([stopping, this.over.signal]));
    }
  }

  /**
   * Resolves with the server's read position once the lanes have received everything up to it. Concurrent callers share
   * one request; a recent position beyond `deadlineMs` (epoch ms) needs none. Rejects with the signal's reason.
   */
  async seen(deadlineMs: number, signal: AbortSignal): Promise<ReadingPosition> {
    signal.throwIfAborted();
    const seen = this.knownBeyond(deadlineMs) ?? (await orStop(this.question.ask(), signal));
    await this.reached(seen.handedOut, signal);
    return seen;
  }

  /** Resolves once the lanes have received the stream up to `sequence`. Rejects with the signal's reason. */
  async reached(sequence: number, signal: AbortSignal): Promise<void> {
    if (this.position.sequence < sequence) await this.moved.wait(signal, sequence);
  }

  private knownBeyond(deadlineMs: number): ReadingPosition | undefined {
    if (this.known === null || performance.now() - this.known.sinceMs > KNOWN_FOR_MS) return undefined;
    return this.known.seen.atMs > deadlineMs ? this.known.seen : undefined;
  }

  private async ask(): Promise<ReadingPosition> {
    if (this.reading === null) throw new Error('the stream is not being read');
    const seen = await this.reading.position();
    if (seen.pending === 0) this.known = { seen, sinceMs: performance.now() };
    return seen;
  }

  private async begin(): Promise<void> {
    const { log, logger } = this.deps;
    const { first } = await log.extent();
    const { sequence, storedAtMs } = this.position;
    const lost = first - 1 - sequence;
    if (lost > 0 && sequence > 0) {
      logger.error(
        { from: sequence + 1, to: first - 1, lost },
        'the event stream has dropped messages that vigil had not read; raise its limits',
      );
    }
    if (lost > 0) this.moveTo({ sequence: first - 1, storedAtMs });
    this.reading = await log.read({ sequence: this.position.sequence + 1 });
  }

  private async readOn(over: AbortSignal): Promise<void> {
    const { logger } = this.deps;
    const { reading } = this;
    if (reading === null) return;
    const close = once(
      () => void reading.stop().catch((error: unknown) => logger.warn({ err: error }, 'closing a reading failed')),
    );
    over.addEventListener('abort', close);
    try {
      over.throwIfAborted();
      for await (const messages of reading) {
        for (const message of messages) {
          const clientId = clientOf(message.subject);
          const lane = this.lanes.get(laneOf(clientId, this.deps.count));
          for (
            let wait = lane?.mustWaitFor(clientId, over);
            wait !== undefined;
            wait = lane?.mustWaitFor(clientId, over)
          )
            await wait;
          over.throwIfAborted();
          lane?.admit(message, clientId);
          this.moveTo(message);
          this.left = message.left;
        }
      }
    } catch (error) {
      if (!over.aborted) logger.warn({ err: error }, 'reading the event stream failed; retrying');
    } finally {
      over.removeEventListener('abort', close);
      this.reading = null;
      close();
    }
  }

  private moveTo({ sequence, storedAtMs }: StreamPosition): void {
    this.position = { sequence, storedAtMs };
    this.moved.wake(sequence);
  }
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}
