import { VigilError } from '../../core/primitives/errors.ts';
import { Groups } from '../../core/matching/groups.ts';
import { ID_PATTERN } from '../../core/model/ids.ts';
import type { RuleIndex } from '../../core/matching/rule-index.ts';
import type { ByteBudget } from '../fairness/byte-budget.ts';
import { EventTokens } from '../fairness/event-tokens.ts';
import { Tenant } from '../fairness/tenant.ts';
import { catchUp } from '../reading/catch-up-reader.ts';
import { earlier, later, type StreamPosition } from '../reading/stream-position.ts';
import type { DeliveryFields } from '../delivery/retry.ts';
import { SignalBatchers } from '../delivery/signal-batchers.ts';
import type { TenantQueue } from '../metrics-port.ts';
import { NO_READER_QUOTAS, type ReaderQuotasPort, type LogMessage, type SubscriberDeps } from '../ports.ts';
import { ignoreStop } from '../stopped.ts';
import { clientOf } from './decode.ts';
import { Router, type Routed, type RoutedEvent } from './router.ts';

export interface LaneDeps extends Pick<
  SubscriberDeps,
  'log' | 'deadLetters' | 'sets' | 'logger' | 'metrics' | 'traces' | 'groupsPerRule' | 'quotas'
> {
  number: number;
  index: RuleIndex;
  budget: ByteBudget;
  /** Up to where the stream has been read. */
  position: () => StreamPosition;
  /** Retries until it succeeds; rejects only when the lane is released. */
  persist: (work: () => Promise<void>, fields?: DeliveryFields) => Promise<void>;
  /** Sends one signal to Temporal, in one of the client's slots. */
  signal: (clientId: string, work: () => Promise<void>) => Promise<void>;
  stopping: AbortSignal;
}

/** Maximum number of parked tenants. With more, Temporal itself is slow, and reading waits. */
const MAX_PARKED = 16;
/** Memory overhead of a message, for each set that it goes to. */
const DELIVERY_BYTES = 256;

/** The clients of one lane: admits and routes their messages, and passes them to the signal batchers. */
export class Lane {
  readonly number: number;
  readonly router: Router;
  readonly batchers: SignalBatchers;
  readonly quotas: ReaderQuotasPort;
  /** Messages up to here were processed before the current reading. */
  private base: StreamPosition;
  private isRead = false;
  private parked = 0;
  private readonly tenants = new Map<string, Tenant>();
  private readonly groups: Groups;
  private readonly tokens: EventTokens;
  private readonly deps: LaneDeps;

  constructor(deps: LaneDeps, floor: StreamPosition) {
    this.number = deps.number;
    this.deps = deps;
    this.base = floor;
    this.quotas = deps.quotas ?? NO_READER_QUOTAS;
    this.tokens = new EventTokens(this.quotas);
    this.groups = new Groups(deps.groupsPerRule, (clientId) => this.quotas.of(clientId).partitionSets);
    this.router = new Router({ index: deps.index, groups: this.groups, traces: deps.traces });
    this.batchers = new SignalBatchers({
      ...deps,
      groups: this.groups,
      partitionsMax: (clientId) => this.quotas.of(clientId).partitions,
    });
  }

  /** Up to where the lane has processed the stream. */
  passed(): StreamPosition {
    return this.isRead ? later(this.base, this.deps.position()) : this.base;
  }

  /** The ack floor of the lane: Temporal has accepted everything up to it. */
  floor(): StreamPosition {
    let floor = this.passed();
    for (const tenant of this.tenants.values()) floor = earlier(floor, tenant.ackFloor.position());
    return floor;
  }

  floorOf(clientId: string): StreamPosition {
    return this.tenants.get(clientId)?.ackFloor.position() ?? this.passed();
  }

  /** Messages that Temporal has not accepted, when the oldest was stored (epoch ms), and parked clients. */
  underWay(): { messages: number; oldestMs: number; aside: number } {
    let [messages, oldestMs] = [0, Infinity];
    for (const tenant of this.tenants.values()) {
      const own = tenant.underWay();
      messages += own.messages;
      oldestMs = Math.min(oldestMs, own.oldestMs);
    }
    return { messages, oldestMs, aside: this.parked };
  }

  tenantQueues(): TenantQueue[] {
    return [...this.tenants.values()].map((tenant) => ({
      clientId: tenant.clientId,
      waiting: tenant.underWay().messages,
    }));
  }

  /** The reader starts, or restarts further back. */
  rebase(): void {
    this.base = this.passed();
    this.isRead = true;
  }

  /**
   * Resolves when Temporal has accepted everything of a client up to `sequence`, which must have been read. Rejects
   * with the signal's reason.
   */
  async reached(clientId: string, sequence: number, signal?: AbortSignal): Promise<void> {
    await this.tenants.get(clientId)?.ackFloor.reached(sequence, signal);
  }

  /** Resolves when a rule change of the client is complete, including its backfill; undefined if there is none. */
  rulesAreChanging(clientId: string, signal?: AbortSignal): Promise<void> | undefined {
    return this.tenants.get(clientId)?.rulesAreChanging(signal);
  }

  /** What to wait for before this client's next message; undefined if nothing. Rejects with the signal's reason. */
  mustWaitFor(clientId: string, signal?: AbortSignal): Promise<void> | undefined {
    const { budget } = this.deps;
    if (budget.free <= 0) return budget.change(signal);
    const tenant = this.tenants.get(clientId);
    if (tenant === undefined) return undefined;
    if (tenant.mustWait()) return tenant.resuming(signal);
    if (!tenant.isBeyondShare()) return undefined;
    // This tenant is not slow: parking it would only read its messages twice.
    return tenant.isHeldUp() || this.parked >= MAX_PARKED ? budget.change(signal) : undefined;
  }

  /** Delivers the next message of the stream, or parks its tenant. */
  admit(message: LogMessage, clientId: string): void {
    if (message.sequence <= this.base.sequence) return;
    this.deps.metrics.eventRead(String(this.number));
    this.tokens.filled(message.storedAtMs, (each) => this.tenants.get(each)?.mustWait() === true);
    const tenant = this.tenants.get(clientId);
    if (tenant === undefined || !(tenant.mustWait() || tenant.isBeyondShare())) this.deliver(message, clientId);
    else if (tenant.park(message)) void this.startCatchUp(tenant);
  }

  /** Holds back a client's new events while its rules change. */
  async whileRulesChange(clientId: string, work: () => Promise<void>): Promise<void> {
    const tenant = this.tenant(clientId);
    await tenant.whileRulesChange(work);
    this.forgetIdle(tenant);
  }

  /** What to wait for before a client's next message is read again; undefined if there is room. */
  room(clientId: string, signal: AbortSignal): Promise<void> | undefined {
    return this.tenants.get(clientId)?.isBeyondShare() === true ? this.deps.budget.change(signal) : undefined;
  }

  /** Counts what the lane has processed since the tokens of its clients were filled up. Before it is read. `count`: lanes. */
  countTokens(count: number): Promise<void> {
    const { log, stopping } = this.deps;
    return this.tokens.countUpTo(this.floor(), { log, stopping, lane: { number: this.number, count } });
  }

  /** Delivers a message that was read again for a backfill or a recovery. `open`: see Outstanding. */
  deliverAgain(message: LogMessage, routed: Routed | VigilError, open: () => () => void): void {
    // The lane published an invalid message to the dead letters when it first read it.
    if (routed instanceof VigilError) return;
    const tenant = this.tenant(clientOf(message.subject));
    this.countLeftOut(tenant.clientId, routed);
    for (const event of routed.events) this.enqueue(event, message, this.reserve(tenant, message, open()));
  }

  /**
   * Drops everything in flight; the next reader delivers it. Freezes the ack floor: the reader continues for its other
   * lanes, and this lane no longer receives what it reads.
   */
  close(): void {
    this.base = this.passed();
    this.isRead = false;
    for (const tenant of this.tenants.values()) tenant.close();
  }

  /** Records a set that an earlier reader started. */
  addKnownSet(setId: string): void {
    this.groups.add(setId);
  }

  private deliver(message: LogMessage, clientId: string): void {
    // A repetition takes a token, too: every reading of the stream counts alike.
    const over = this.tokens.take(clientId, message.storedAtMs);
    if (message.isRepetition === true) return this.deps.metrics.duplicate();
    if (over !== null) return this.deliverOverQuota(message, clientId, over);
    const routed = this.router.route(message);
    if (routed instanceof VigilError) return this.deliverToDeadLetters(message, clientId, routed);
    const { events, span } = routed;
    this.countLeftOut(clientId, routed);
    this.deps.metrics.routed(events.length);
    if (events.length === 0) return;
    const { tenant, settle } = this.enter(message, clientId, events.length, span && (() => span.end()));
    for (const event of events) this.enqueue(event, message, this.reserve(tenant, message, settle));
  }

  private deliverOverQuota(
    message: LogMessage,
    clientId: string,
    { why, isFirst }: { why: VigilError; isFirst: boolean },
  ): void {
    this.deps.metrics.overQuota(clientId, 'eventsPerSecond');
    if (isFirst) this.deps.logger.warn({ clientId }, why.message);
    this.deliverToDeadLetters(message, clientId, why, { isLogged: true });
  }

  private deliverToDeadLetters(
    message: LogMessage,
    clientId: string,
    error: VigilError,
    { isLogged = false } = {},
  ): void {
    const { deadLetters, logger, persist } = this.deps;
    const { tenant, settle } = this.enter(message, clientId, 1);
    const published = this.reserve(tenant, message, settle);
    const owner = ID_PATTERN.test(clientId) ? clientId : '_unknown';
    const reason = typeof error.fields['reason'] === 'string' ? error.fields['reason'] : 'unusable';
    if (!isLogged) logger.warn({ clientId: owner, sequence: message.sequence, reason }, error.message);
    void ignoreStop(persist(() => deadLetters.publish(message, owner, reason, error.message)).then(published));
  }

  /** Holds the ack floor below a message until `settle` was called for each of its deliveries. */
  private enter(
    message: LogMessage,
    clientId: string,
    deliveries: number,
    onSettled?: () => void,
  ): { tenant: Tenant; settle: () => void } {
    const tenant = this.tenant(clientId);
    const inFlight = tenant.ackFloor.enter(message, deliveries);
    const settle = (): void => {
      tenant.ackFloor.settle(inFlight);
      if (inFlight.pending === 0) onSettled?.();
      this.forgetIdle(tenant);
    };
    return { tenant, settle };
  }

  private enqueue(
    { setId, rule, event, bytes, place, attempt }: RoutedEvent,
    { left }: LogMessage,
    settle: () => void,
  ): void {
    this.batchers.enqueue(setId, { kind: 'event', rule, event, bytes, place, attempt, left, settle });
  }

  private reserve(tenant: Tenant, { bytes }: LogMessage, settle: () => void): () => void {
    const weight = bytes.length + DELIVERY_BYTES;
    tenant.reserve(weight);
    return () => {
      tenant.release(weight);
      settle();
    };
  }

  private countLeftOut(clientId: string, { leftOut, overQuota = [] }: Routed): void {
    const { metrics, logger } = this.deps;
    for (let count = 0; count < leftOut; count++) metrics.leftOut();
    for (const { ruleId, isFirst } of overQuota) {
      metrics.overQuota(clientId, 'partitionSets');
      if (isFirst)
        logger.warn(
          { clientId, ruleId, quota: this.quotas.of(clientId).partitionSets },
          'the client has as many partition sets as its quota allows; the rule leaves out the events of further groups',
        );
    }
  }

  private tenant(clientId: string): Tenant {
    const tenant = this.tenants.get(clientId) ?? new Tenant(clientId, this.deps.budget, () => this.passed());
    this.tenants.set(clientId, tenant);
    return tenant;
  }

  private forgetIdle(tenant: Tenant): void {
    if (tenant.isIdle() && this.tenants.get(tenant.clientId) === tenant) this.tenants.delete(tenant.clientId);
  }

  private async startCatchUp(tenant: Tenant): Promise<void> {
    const { log, persist, stopping } = this.deps;
    this.parked += 1;
    const deliver = (message: LogMessage): void => this.deliver(message, tenant.clientId);
    await ignoreStop(catchUp(tenant, { log, deliver, persist, stopping }));
    this.parked -= 1;
    this.forgetIdle(tenant);
  }
}
