import { setTimeout as delay } from 'node:timers/promises';
import type { PartitionSetPlace, SetEnd, PartitionSetsClient } from '../../temporal/client/partition-sets-client.ts';
import type { ProjectedEvent } from '../../core/model/event/projected-event.ts';
import type { StoredRule } from '../../core/model/stored-rule/stored-rule.ts';
import { MAY_WAIT_BYTES, type RecoveryMessage } from '../../core/model/partition-set/partition-set-messages.ts';
import type { HeldPartitionSet } from '../metrics-port.ts';
import { SignalPace } from './signal-pace.ts';
import { ignoreStop, isStop } from '../stopped.ts';

/** A delivery to a set. `settle` is called once Temporal has accepted it. */
export type Delivery =
  /**
   * `place` null, here and for a rule: delivered only if the set runs. `left`: messages in the stream after it when it
   * was read. `bytes`: upper bound of the event's JSON size.
   */
  | {
      kind: 'event';
      event: ProjectedEvent;
      bytes: number;
      left: number;
      rule: StoredRule;
      place: PartitionSetPlace | null;
      /** To rebuild the set. */ attempt?: string | undefined;
      settle: () => void;
    }
  | { kind: 'rule'; rule: StoredRule; place: PartitionSetPlace | null; settle: () => void }
  | { kind: 'recovery'; message: RecoveryMessage; settle: () => void }
  | { kind: 'end'; end: SetEnd; settle: () => void };

/** With this many messages left, the reader has a backlog: events are late already and may wait to fill a signal. */
const BACKLOG = 10_000;
const GATHERS_FOR_MS = 500;
/** JSON bytes of the events in a signal: with the rule, far below the 2 MB limit of a payload. */
const BATCH_BYTES = 512 * 1024;
const BATCH_EVENTS = 1_000;
/** Signals that a set may not have confirmed yet. A full signal of a backlog counts as ten. */
const MAY_BE_AHEAD = 30;
const FULL_COUNTS_FOR = 10;
/** From this many on the set is asked for its backlog; signals continue meanwhile. */
const ASK_FROM = MAY_BE_AHEAD / 2;
const ASK_AGAIN_MS = 100;
const ASK_TIMES = 100;
/** Longest pause of signals while a set continues as new. A busy Temporal needs about 300 ms. */
const PAUSE_MS = 1_000;
/** A set held for less is only busy. */
const HELD_FROM_MS = 5_000;

export interface Transport {
  sets: PartitionSetsClient;
  /** How many partitions the set may have, by the quota of its client; null: no quota. */
  partitionsMax: () => number | null;
  /** Retries a delivery until it succeeds. Rejects only when the reader stops. */
  deliver(attempt: () => Promise<void>, setId: string): Promise<void>;
  /** Retries a query until it is answered, without using a delivery slot. Rejects like `deliver`. */
  persist(attempt: () => Promise<void>, setId: string): Promise<void>;
  /** Called when the set has ended and nothing waits for it. */
  onClosed(setId: string): void;
}

/**
 * Batches the deliveries to one set. At most one signal is in flight; events accumulate meanwhile and share the next
 * (group commit): immediately when idle, in large batches under load, always in order. Signals are rate-limited as long
 * as the waiting events fit into one; in a backlog they are filled first.
 */
export class SignalBatcher {
  private deliveries: Delivery[] = [];
  private sending = false;
  /** Signals that the set has not confirmed yet. */
  private ahead = 0;
  private asking: Promise<void> | null = null;
  /** Set while the set reports too large a backlog, or does not answer. */
  private slow: Omit<HeldPartitionSet, 'workflowId'> | null = null;
  /** The rule version that the set has for certain. */
  private knownVersion = 0;
  private bytes = 0;
  private readonly pace = new SignalPace();
  /** Signals pause until this run has ended, or until `untilMs` (performance.now()). */
  private ending: { runId: string; untilMs: number } | null = null;
  private underWay: Promise<unknown> | null = null;
  private wake: (() => void) | null = null;
  private gathers = false;
  private readonly setId: string;
  private readonly transport: Transport;

  constructor(setId: string, transport: Transport) {
    this.setId = setId;
    this.transport = transport;
  }

  enqueue(delivery: Delivery): void {
    this.deliveries.push(delivery);
    if (delivery.kind === 'event') this.bytes += delivery.bytes;
    if (this.isFull() || (this.gathers && !isOfBacklog(delivery))) this.wake?.();
    if (this.sending) return;
    this.sending = true;
    // After this turn of the event loop, so that events read together share a signal.
    queueMicrotask(() => void this.send());
  }

  /** Pauses until this run has ended, for PAUSE_MS at most. Resolves when nothing is in flight. */
  async pause(runId: string): Promise<void> {
    this.ending = { runId, untilMs: performance.now() + PAUSE_MS };
    await this.underWay;
  }

  /** Null if the set keeps up. `nowMs`: epoch ms. */
  held(nowMs: number): HeldPartitionSet | null {
    const { slow } = this;
    return slow === null || nowMs - slow.sinceMs < HELD_FROM_MS ? null : { workflowId: this.setId, ...slow };
  }

  private async send(): Promise<void> {
    try {
      while (this.deliveries.length > 0) {
        await this.keepPace();
        while (await this.isPaused()) await delay(ASK_AGAIN_MS);
        const batch: Delivery[] = [];
        const delivery = this.transport.deliver(() => {
          // Deliveries that arrive while it waits for a slot are included; a retry sends the same batch.
          if (batch.length === 0) {
            batch.push(...this.nextBatch());
            this.pace.sent(performance.now());
          }
          return this.signal(batch);
        }, this.setId);
        this.underWay = delivery.catch(() => undefined);
        await delivery;
        this.underWay = null;
        for (const { settle } of batch) settle();
        await this.keepUp(batch);
        if (this.deliveries.length === 0 && batch[0]?.kind === 'end') this.transport.onClosed(this.setId);
      }
      this.sending = false;
    } catch (error) {
      // Any other error is a bug, and must not stop the deliveries silently.
      if (!isStop(error)) throw error;
    }
  }

  private async isPaused(): Promise<boolean> {
    const { ending } = this;
    if (ending === null) return false;
    const isOver =
      performance.now() >= ending.untilMs || (await this.transport.sets.runOf(this.setId)) !== ending.runId;
    if (isOver && this.ending === ending) this.ending = null;
    return !isOver;
  }

  private async keepPace(): Promise<void> {
    this.gathers = isOfBacklog(this.deliveries.at(-1));
    const waitMs = this.gathers ? GATHERS_FOR_MS : this.pace.waitMs(performance.now());
    if (waitMs === 0 || this.isFull()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }

  /** Whether the next signal is full, or is no batch of events: rule changes are few, and people wait for them. */
  private isFull(): boolean {
    return this.deliveries.length >= BATCH_EVENTS || this.bytes >= BATCH_BYTES || this.deliveries[0]?.kind !== 'event';
  }

  /**
   * Applies backpressure, because a set cannot reject a signal. Without it, the set's history grows until no workflow
   * task finishes before its timeout, and each one starts over for as long as events arrive.
   */
  private async keepUp(batch: readonly Delivery[]): Promise<void> {
    const isFull = isPage(batch[0]) || (this.deliveries.length > 0 && batch.length > BATCH_EVENTS / 2);
    this.ahead += isFull ? FULL_COUNTS_FOR : 1;
    if (this.ahead < ASK_FROM) return;
    this.asking ??= this.ask();
    void ignoreStop(this.asking);
    while (this.ahead >= MAY_BE_AHEAD) await (this.asking ??= this.ask());
  }

  /** Resolves when the set has handled everything sent until now. */
  private async ask(): Promise<void> {
    const { ahead, setId, transport } = this;
    const askedAtMs = Date.now();
    const isSlow = (waitingBytes: number | null): void =>
      void (this.slow = { sinceMs: this.slow?.sinceMs ?? askedAtMs, waitingBytes });
    const waiting = async (): Promise<number> => {
      try {
        return await transport.sets.waiting(setId);
      } catch (error) {
        isSlow(null);
        throw error;
      }
    };
    await transport.persist(async () => {
      for (let times = 0, left = await waiting(); left > MAY_WAIT_BYTES; times++, left = await waiting()) {
        isSlow(left);
        if (times === ASK_TIMES) throw new Error('the partition set cannot publish or forward what it has');
        await delay(ASK_AGAIN_MS, undefined, { ref: false });
      }
    }, setId);
    this.slow = null;
    this.ahead -= ahead;
    this.asking = null;
  }

  /** One rule, end or recovery message; or the first events with the same rule version that fit into one signal. */
  private nextBatch(): Delivery[] {
    const [first] = this.deliveries;
    if (first?.kind !== 'event') return this.deliveries.splice(0, 1);
    let bytes = 0;
    const end = this.deliveries.findIndex((delivery, index) => {
      if (
        delivery.kind !== 'event' ||
        delivery.rule.version !== first.rule.version ||
        delivery.attempt !== first.attempt ||
        index >= BATCH_EVENTS
      )
        return true;
      bytes += delivery.bytes;
      return index > 0 && bytes > BATCH_BYTES;
    });
    const batch = this.deliveries.splice(0, end === -1 ? this.deliveries.length : end);
    for (const delivery of batch) if (delivery.kind === 'event') this.bytes -= delivery.bytes;
    return batch;
  }

  private async signal(batch: Delivery[]): Promise<void> {
    const { sets } = this.transport;
    const [first] = batch;
    if (first === undefined) return;
    if (first.kind === 'end') {
      await sets.end(this.setId, first.end);
      this.knownVersion = 0;
      return;
    }
    if (first.kind === 'recovery') {
      await sets.sendRecovery(this.setId, first.message);
      this.knownVersion = 0;
      return;
    }
    const { rule } = first;
    if (first.kind === 'event') {
      const deliveries = batch.filter((delivery) => delivery.kind === 'event');
      const place = deliveries.find((delivery) => delivery.place !== null)?.place;
      const partitionsMax = this.transport.partitionsMax();
      const events = {
        version: rule.version,
        events: deliveries.map(({ event }) => event),
        ...(rule.version !== this.knownVersion && { rule }),
        ...(first.attempt !== undefined && { attempt: first.attempt }),
        ...(partitionsMax !== null && { partitionsMax }),
      };
      await (place ? sets.sendEvents(place, rule, events) : sets.signalEvents(this.setId, events));
    } else if (first.place !== null) await sets.sendRule(first.place, rule);
    else await sets.changeRule(this.setId, rule);
    this.knownVersion = rule.version;
  }
}

/** Alerts of the stream: as many as fit into a signal. */
const isPage = (delivery: Delivery | undefined): boolean =>
  delivery?.kind === 'recovery' && delivery.message.phase === 'published';

const isOfBacklog = (delivery: Delivery | undefined): boolean => delivery?.kind === 'event' && delivery.left >= BACKLOG;
