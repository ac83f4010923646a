import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { FailingWork, type FailingSummary } from '../core/health/failing-work.ts';
import { clientOfPartitionSet } from '../core/model/ids.ts';
import { laneOf } from '../core/matching/lane.ts';
import { RuleIndex } from '../core/matching/rule-index.ts';
import type { RuleChange } from '../core/model/stored-rule/stored-rule.ts';
import type { PauseRequest, RecoveryRequest } from '../core/model/partition-set/partition-set-messages.ts';
import { ByteBudget } from './fairness/byte-budget.ts';
import { FairSlots } from './fairness/fair-slots.ts';
import { LaneLeases } from './leases/lane-leases.ts';
import { OwnedLane } from './routing/owned-lane.ts';
import type { Lane } from './routing/lane.ts';
import type { HeldPartitionSet, LaneLag, TenantQueue } from './metrics-port.ts';
import type { LaneEntry, Watermark, SubscriberDeps } from './ports.ts';
import { untilDone, watched, type DeliveryFields } from './delivery/retry.ts';
import { learnChange, Reconciler } from './reconcile/reconciler.ts';
import { ignoreStop, StoppedError } from './stopped.ts';
import { StreamReader } from './reading/stream-reader.ts';
import { createWatermark } from './watermark/watermark.ts';

/** Bytes of events in flight (read, not accepted by Temporal) above which reading waits. */
const BYTES_UNDER_WAY = 32 * 1024 * 1024;
/** Maximum number of concurrent signals to Temporal. */
const SIGNALS_AT_ONCE = 32;
const SAVE_EVERY_MS = 250;
const RECONCILE_MS = 60_000;
/** A delivery that fails this often is logged. */
const FAILURES_BEFORE_WARNING = 3;

export interface Subscriber {
  seenUntil: Watermark;
  /** Starts the recovery of a partition set. Rejects if another reader has the client's lane. */
  recover(request: RecoveryRequest): Promise<void>;
  /**
   * Pauses signals to a partition set until its next run has started, for 1 s at most. Resolves when nothing is in
   * flight to it. Rejects if another reader has the client's lane.
   */
  pause(request: PauseRequest): Promise<void>;
  /** Calls `changed` with the lanes of this reader, now and at every change. */
  onLanes(changed: (lanes: number[]) => void): void;
  isReading(): boolean;
  /** Lag of each of its lanes. */
  lag(): LaneLag[];
  /** Clients with messages in flight. */
  tenants(): TenantQueue[];
  /** Sets that do not keep up, so their events wait. */
  held(): HeldPartitionSet[];
  /** The number of paused rules in its lanes. */
  paused(): number;
  /** Deliveries that keep failing and are being retried; null: none. */
  failing(): FailingSummary | null;
  /** Stops reading, saves the ack floors and releases the lanes. The next reader reads what was not delivered. */
  stop(): Promise<void>;
}

/** Starts a reader: loads the rules, then claims its share of the lanes. Resolves when it reads them. */
export async function startSubscriber(deps: SubscriberDeps): Promise<Subscriber> {
  const { log, lanes: port, rules, sets, logger } = deps;
  const me = randomUUID();
  const stopping = new AbortController();
  const index = new RuleIndex();
  const owned = new Map<number, OwnedLane>();
  const budget = new ByteBudget(BYTES_UNDER_WAY);
  const slots = new FairSlots(SIGNALS_AT_ONCE);
  const failing = new FailingWork();
  let deliveries = 0;
  let tellLanes = (_lanes: number[]): void => undefined;

  const persistUntil =
    (signal: AbortSignal) =>
    async (work: () => Promise<void>, fields: DeliveryFields = {}): Promise<void> => {
      const key = String((deliveries += 1));
      const done = untilDone(work, signal, (error, attempts) => {
        if (attempts === FAILURES_BEFORE_WARNING)
          logger.warn({ ...fields, err: error, attempts }, 'delivery failed; retrying');
        if (attempts >= FAILURES_BEFORE_WARNING && !fields.question) failing.failed(key, String(error), Date.now());
      });
      await (fields.work === undefined
        ? done
        : watched(done, (ms) =>
            logger.warn({ ...fields, ms }, `${fields.work} still running; the client's new events wait`),
          ));
      failing.succeeded(key);
    };
  const persist = persistUntil(stopping.signal);
  const reader = new StreamReader({ log, count: port.count, persist, logger, stopping: stopping.signal });
  const ownerOf = (clientId: string): OwnedLane | undefined => owned.get(laneOf(clientId, port.count));

  const reconciler = new Reconciler({
    index,
    sets,
    stream: () => log.extent(),
    isMine: (clientId) => ownerOf(clientId) !== undefined,
    writtenTo: (clientId, ruleId) => ownerOf(clientId)?.lane.batchers.writtenTo(clientId, ruleId) ?? [],
    found: (setId) => ownerOf(clientOfPartitionSet(setId))?.lane.addKnownSet(setId),
    isYoung: (clientId, version) => ownerOf(clientId)?.isYoung(version) ?? true,
    async deliver(setId, delivery) {
      const owner = ownerOf(clientOfPartitionSet(setId));
      if (owner === undefined) throw new StoppedError();
      await owner.deliver(setId, delivery);
    },
  });

  const leases = new LaneLeases(me, port, { has: (lane) => owned.has(lane), gained, release, lost }, logger);

  async function gained(entries: (LaneEntry & { lane: number })[]): Promise<void> {
    const news = entries.map((entry) => {
      const lane = new OwnedLane(entry.lane, entry, {
        ...{ deps, index, budget, reconciler, reader, persistUntil },
        signal: (clientId, work) =>
          slots.run(clientId, () => {
            if (!leases.isValid())
              throw new Error('the lease of this reader has expired; waiting for its next heartbeat');
            return work();
          }),
        wrote: (written) => (written === null ? lost(entry.lane) : leases.learn(entry.lane, written)),
      });
      owned.set(entry.lane, lane);
      return lane;
    });
    const isGained = (clientId: string): boolean => entries.some(({ lane }) => lane === laneOf(clientId, port.count));
    await persist(() => reconciler.learnLost(isGained));
    await persist(() => reconciler.applyAll(isGained));
    await Promise.all(
      news.map((lane) =>
        ignoreStop(lane.catchUpRules(index.all().filter(({ stored }) => ownerOf(stored.rule.clientId) === lane))),
      ),
    );
    await Promise.all(
      news.map(({ lane, persist: retried }) => ignoreStop(retried(() => lane.countTokens(port.count)))),
    );
    const still = news.filter((lane) => owned.get(lane.lane.number) === lane);
    if (still.length > 0) reader.add(still.map(({ lane }) => lane));
    logger.info({ lanes: [...owned.keys()].join(' ') }, 'lanes assigned to this reader');
    tellLanes([...owned.keys()]);
    void ignoreStop(persist(() => reconciler.endStrays()));
  }

  async function release(number: number): Promise<void> {
    const lane = owned.get(number);
    lost(number);
    await lane?.free();
  }

  function lost(number: number): void {
    const lane = owned.get(number);
    if (lane === undefined) return;
    owned.delete(number);
    lane.release();
    reader.remove(lane.lane);
    tellLanes([...owned.keys()]);
  }

  const endWatch = await learnRules(rules, {
    first: (change) => void learnChange(index, change),
    later(change) {
      const learned = learnChange(index, change);
      const clientId = change.kind === 'put' ? change.rule.clientId : change.clientId;
      const lane = ownerOf(clientId);
      if (lane !== undefined) void ignoreStop(lane.backfill.apply(clientId, learned));
    },
    bad: (key, error) => logger.error({ key, err: error }, 'stored rule is not valid; skipped'),
  });

  const work: Promise<void>[] = [];
  await new Promise<void>((ready, fail) => {
    const leasing = leases.run(stopping.signal, ready);
    leasing.catch(fail);
    work.push(leasing);
  });
  work.push(
    ignoreStop(reader.run()),
    ignoreStop(
      every(SAVE_EVERY_MS, stopping.signal, () => Promise.all([...owned.values()].map((lane) => lane.record.save()))),
    ),
    ignoreStop(every(RECONCILE_MS, stopping.signal, () => persist(() => reconciler.applyAll()))),
  );

  return {
    seenUntil: createWatermark({
      reader,
      find: (clientId) => ownerOf(clientId)?.lane,
      isValid: () => leases.isValid(),
    }),
    recover(request) {
      const owner = ownerOf(request.clientId);
      if (owner === undefined || !leases.isValid()) return Promise.reject(new Error('another reader has this lane'));
      owner.recovery.begin(request);
      return Promise.resolve();
    },
    pause({ clientId, setId, runId }) {
      const owner = ownerOf(clientId);
      return owner === undefined
        ? Promise.reject(new Error('another reader has this lane'))
        : owner.lane.batchers.pause(setId, runId);
    },
    onLanes(changed) {
      tellLanes = changed;
      changed([...owned.keys()]);
    },
    isReading: () => reader.isReading(),
    lag: () => [...owned.values()].map(({ lane }) => lagOf(lane, reader)),
    tenants: () => [...owned.values()].flatMap(({ lane }) => lane.tenantQueues()),
    held: () => [...owned.values()].flatMap(({ lane }) => lane.batchers.held(Date.now())),
    paused: () =>
      index.all().filter(({ stored }) => stored.pause !== undefined && ownerOf(stored.rule.clientId) !== undefined)
        .length,
    failing: () => failing.summary(Date.now()),
    async stop() {
      endWatch();
      stopping.abort(new StoppedError());
      for (const number of [...owned.keys()]) await release(number);
      await Promise.all(work);
      await port.leave(me);
    },
  };
}

function lagOf(lane: Lane, { position, left }: StreamReader): LaneLag {
  const { messages, oldestMs, aside: parked } = lane.underWay();
  const sinceMs = Math.min(oldestMs, left > 0 ? position.storedAtMs : Infinity);
  return {
    lane: String(lane.number),
    messages: messages + left,
    seconds: sinceMs === Infinity ? 0 : Math.max(0, Date.now() - sinceMs) / 1_000,
    aside: parked,
  };
}

async function every(intervalMs: number, signal: AbortSignal, work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    await delay(intervalMs, undefined, { signal });
    await work();
  }
}

interface RuleUse {
  first: (change: RuleChange) => void;
  later: (change: RuleChange) => void;
  bad: (key: string, error: Error) => void;
}

/** Resolves once all current rules are applied, with the function that ends the watch. */
async function learnRules(rules: SubscriberDeps['rules'], use: RuleUse): Promise<() => void> {
  let caughtUp = false;
  let end: (() => void) | undefined;
  await new Promise<void>((resolve, reject) => {
    const onChange = (change: RuleChange): void => (caughtUp ? use.later(change) : use.first(change));
    const done = (): void => {
      caughtUp = true;
      resolve();
    };
    rules.watch(onChange, done, use.bad).then((stop) => (end = stop), reject);
  });
  return () => end?.();
}
