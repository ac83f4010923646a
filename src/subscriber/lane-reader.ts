import type { Log } from '../adapters/log.ts';
import type { Budget } from './budget.ts';
import type { Floor } from './floor.ts';
import type { EventLogPort, LogReading } from './ports.ts';
import type { Router } from './router.ts';
import type { RuleIntake } from './rule-intake.ts';

export interface LaneReaderDeps {
  log: EventLogPort;
  floor: Floor;
  router: Router;
  budget: Budget;
  intake: () => RuleIntake;
  persist: (work: () => Promise<void>) => Promise<void>;
  logger: Log;
  stopping: AbortSignal;
}

/** Reads a lane in strict stream order from its floor on, for as long as it is not stopped. */
export class LaneReader {
  /** The newest message that was routed. */
  routed: { sequence: number; storedAtMs: number };
  private reading: LogReading | null = null;
  /** Whoever waits for Temporal must not keep vigil from stopping. */
  private readonly stopped: Promise<void>;
  private readonly deps: LaneReaderDeps;

  constructor(deps: LaneReaderDeps) {
    this.deps = deps;
    this.stopped = new Promise((resolve) => deps.stopping.addEventListener('abort', () => resolve(), { once: true }));
    const { sequence, storedAtMs } = deps.floor;
    this.routed = { sequence, storedAtMs };
  }

  /** Resolves when stopped. Where a reading breaks, another one begins behind what was routed last. */
  async run(): Promise<void> {
    const { persist, stopping } = this.deps;
    while (!stopping.aborted) {
      await persist(() => this.begin());
      await this.readOn();
    }
  }

  /**
   * Resolves once every event stored up to `deadlineMs` has been taken by Temporal: with the moment (epoch ms, the stream's
   * clock) up to which that is so. The last millisecond is left out, as more may be stored within it.
   */
  async seenUntil(deadlineMs: number): Promise<number> {
    const { floor, stopping } = this.deps;
    for (;;) {
      stopping.throwIfAborted();
      if (this.reading === null) throw new Error('the lane is not being read');
      // Something later has been taken, and the lane is in order: so everything before has.
      if (floor.storedAtMs - 1 >= deadlineMs) return floor.storedAtMs - 1;
      const { pending, handedOut, atMs } = await this.reading.position();
      await floor.reached(handedOut);
      if (pending === 0) return atMs - 1;
    }
  }

  isReading(): boolean {
    return this.reading !== null;
  }

  async stop(): Promise<void> {
    const { reading } = this;
    this.reading = null;
    await reading?.stop();
  }

  /** What must be over before the next message is routed. */
  private hold(): Promise<void> | undefined {
    const { intake, budget, stopping } = this.deps;
    return stopping.aborted ? undefined : (intake().underWay() ?? budget.room());
  }

  private async begin(): Promise<void> {
    const { log, floor, logger } = this.deps;
    const { first } = await log.extent();
    const lost = first - 1 - this.routed.sequence;
    if (lost > 0 && this.routed.sequence > 0) {
      logger.error({ from: this.routed.sequence + 1, to: first - 1, lost }, 'the event stream has dropped messages that vigil had not read; raise its limits');
    }
    if (lost > 0) {
      this.routed.sequence = first - 1;
      floor.skipTo(first - 1);
    }
    this.reading = await log.read({ sequence: this.routed.sequence + 1 });
  }

  private async readOn(): Promise<void> {
    const { router, logger, stopping } = this.deps;
    try {
      for await (const message of this.reading ?? []) {
        // Again after each wait: a rule may have come meanwhile, and must have its gap before anything newer.
        for (let wait = this.hold(); wait !== undefined; wait = stopping.aborted ? undefined : this.hold()) await Promise.race([wait, this.stopped]);
        if (stopping.aborted) return;
        router.route(message);
        this.routed = { sequence: message.sequence, storedAtMs: message.storedAtMs };
      }
    } catch (error) {
      logger.warn({ err: error }, 'reading the event stream broke off; it begins again');
    } finally {
      await this.stop().catch((error: unknown) => logger.warn({ err: error }, 'a broken reading could not be closed'));
    }
  }
}
