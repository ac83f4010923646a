import { setTimeout as delay } from 'node:timers/promises';
import type { PartitionSetPlace, SetEnd, PartitionSetsClient } from '../../temporal/client/partition-sets-client.ts';
import type { ProjectedEvent } from '../../core/model/projected-event.ts';
import type { StoredRule } from '../../core/model/stored-rule.ts';
import { MAY_WAIT_BYTES, type RecoveryMessage } from '../../core/model/partition-set-messages.ts';
import type { HeldPartitionSet } from '../metrics-port.ts';
import { SignalPace } from './signal-pace.ts';
import { ignoreStop, isStop } from '../stopped.ts';

/** What waits for a set, in order. `settle` is called once Temporal has taken it. */
export type Delivery =
  /** Without a place: only if the set runs. The same holds of a rule. `left`: messages of the stream behind it when it was read. `bytes`: of the event as JSON, at most. */
  | {
      kind: 'event';
      event: ProjectedEvent;
      bytes: number;
      left: number;
      rule: StoredRule;
      place: PartitionSetPlace | null;
      /** To rebuild the set. */ attempt?: string;
      settle: () => void;
    }
  | { kind: 'rule'; rule: StoredRule; place: PartitionSetPlace | null; settle: () => void }
  | { kind: 'recovery'; message: RecoveryMessage; settle: () => void }
  | { kind: 'end'; end: SetEnd; settle: () => void };

/** With so many messages left the reader works off a backlog: events that are late already may wait until they fill a signal. */
const BACKLOG = 10_000;
const GATHERS_FOR_MS = 500;
/** Of the events in a signal as JSON: far below the 2 MB of a payload, with the rule beside them. */
const BATCH_BYTES = 512 * 1024;
const BATCH_EVENTS = 1_000;
/** So much a set may have been sent of which it has not shown yet that it has handled it: signals, a full one of a backlog for ten. */
const MAY_BE_AHEAD = 30;
const FULL_COUNTS_FOR = 10;
/** From then on it is asked, while signals still go on. */
const ASK_FROM = MAY_BE_AHEAD / 2;
const ASK_AGAIN_MS = 100;
const ASK_TIMES = 100;
/** A set that is about to continue as new is sent nothing until it has, or for so long. A busy Temporal takes some 300 ms. */
const PAUSE_MS = 1_000;
/** A set that is held for less is merely busy. */
const HELD_FROM_MS = 5_000;

export interface Transport {
  sets: PartitionSetsClient;
  /** Runs a delivery until it has succeeded. Rejects only when the reader stops. */
  deliver(attempt: () => Promise<void>, setId: string): Promise<void>;
  /** Runs a question until it has been answered; takes no delivery's place. Rejects as `deliver` does. */
  persist(attempt: () => Promise<void>, setId: string): Promise<void>;
  /** The set has ended and nothing waits for it: its signal batcher is not needed any more. */
  onClosed(setId: string): void;
}

/**
 * The messages for one set. At most one signal is in flight; events gather meanwhile and go together in the next (group
 * commit): at once when quiet, in large batches when busy, and always in order. Under a steady load signals keep their pace,
 * as long as what waits fits into one; of a backlog they are filled.
 */
export class SignalBatcher {
  private deliveries: Delivery[] = [];
  private sending = false;
  /** Signals that the set has not shown yet to have handled. */
  private ahead = 0;
  private asking: Promise<void> | null = null;
  /** From when its answer is that too much waits, or there is none. */
  private slow: Omit<HeldPartitionSet, 'workflowId'> | null = null;
  /** The version of the rule that the set is known to have. */
  private knownVersion = 0;
  private bytes = 0;
  private readonly pace = new SignalPace();
  /** The run that is to end first, and until when (performance.now()). */
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
    // The end of this turn, so that events read together travel together.
    queueMicrotask(() => void this.send());
  }

  /** Sends nothing until this run has ended, or a moment is over. Resolves when nothing is under way. */
  async pause(runId: string): Promise<void> {
    this.ending = { runId, untilMs: performance.now() + PAUSE_MS };
    await this.underWay;
  }

  /** Null where the set keeps up. */
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
          // What comes while it waits for its turn goes along; what is tried again stays as it is.
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
      // Anything but a stop is a bug, and must not leave messages lying in silence.
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

  /** No later event would travel with those that wait. Changes of rules are few, and people wait for them. */
  private isFull(): boolean {
    return this.deliveries.length >= BATCH_EVENTS || this.bytes >= BATCH_BYTES || this.deliveries[0]?.kind !== 'event';
  }

  /**
   * Goes on only as fast as the set handles what it was sent: it cannot refuse a signal. Else its histories would grow until
   * no task is done before its time is over, and is done anew from the beginning, for as long as events come.
   */
  private async keepUp(batch: readonly Delivery[]): Promise<void> {
    const isFull = batch[0]?.kind === 'event' && this.deliveries.length > 0 && batch.length > BATCH_EVENTS / 2;
    this.ahead += isFull ? FULL_COUNTS_FOR : 1;
    if (this.ahead < ASK_FROM) return;
    this.asking ??= this.ask();
    void ignoreStop(this.asking);
    while (this.ahead >= MAY_BE_AHEAD) await (this.asking ??= this.ask());
  }

  /** Resolves when the set has handled what it had been sent by now. */
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
        if (times === ASK_TIMES) throw new Error('the partition set cannot publish or pass on what it has');
        await delay(ASK_AGAIN_MS, undefined, { ref: false });
      }
    }, setId);
    this.slow = null;
    this.ahead -= ahead;
    this.asking = null;
  }

  /** One rule or end; or the events in front that share a version, as far as they fit into one signal. */
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
      const events = {
        version: rule.version,
        events: deliveries.map(({ event }) => event),
        ...(rule.version !== this.knownVersion && { rule }),
        ...(first.attempt !== undefined && { attempt: first.attempt }),
      };
      await (place ? sets.sendEvents(place, rule, events) : sets.signalEvents(this.setId, events));
    } else if (first.place !== null) await sets.sendRule(first.place, rule);
    else await sets.changeRule(this.setId, rule);
    this.knownVersion = rule.version;
  }
}

const isOfBacklog = (delivery: Delivery | undefined): boolean => delivery?.kind === 'event' && delivery.left >= BACKLOG;
