import type { VigilError } from '../../core/primitives/errors.ts';
import { Groups } from '../../core/matching/groups.ts';
import { clientOfPartitionSet, ID_PATTERN } from '../../core/model/ids.ts';
import type { RuleIndex } from '../../core/matching/rule-index.ts';
import type { ByteBudget } from '../fairness/byte-budget.ts';
import { catchUp } from '../reading/catch-up-reader.ts';
import { SignalBatcher, type Delivery } from '../delivery/signal-batcher.ts';
import type { HeldPartitionSet, TenantQueue } from '../metrics-port.ts';
import type { LogMessage, SubscriberDeps } from '../ports.ts';
import { clientOf, Router } from './router.ts';
import { ignoreStop } from '../stopped.ts';
import { earlier, later, type StreamPosition } from '../reading/stream-position.ts';
import { Tenant } from '../fairness/tenant.ts';
import type { DeliveryFields } from '../delivery/retry.ts';

export interface LaneDeps extends Pick<
  SubscriberDeps,
  'log' | 'deadLetters' | 'sets' | 'logger' | 'metrics' | 'traces' | 'groupsPerRule'
> {
  number: number;
  index: RuleIndex;
  budget: ByteBudget;
  /** Up to where the stream has been read. */
  position: () => StreamPosition;
  /** Tries until it succeeds; rejects only when the lane is given up. */
  persist: (work: () => Promise<void>, fields?: DeliveryFields) => Promise<void>;
  /** One signal to Temporal, when it is the tenant's turn. */
  signal: (clientId: string, work: () => Promise<void>) => Promise<void>;
  stopping: AbortSignal;
}

/** Tenants that may be parked at a time. More than that, and it is Temporal that is slow: then reading waits. */
const SET_ASIDE = 16;

/** The clients of one lane, with what is under way for them. */
export class Lane {
  readonly number: number;
  readonly router: Router;
  /** Up to here the stream has been taken already, however often it is read. */
  private base: StreamPosition;
  private isRead = false;
  private parked = 0;
  private readonly tenants = new Map<string, Tenant>();
  private readonly batchers = new Map<string, SignalBatcher>();
  private readonly groups: Groups;
  private readonly deps: LaneDeps;

  constructor(deps: LaneDeps, floor: StreamPosition) {
    this.number = deps.number;
    this.deps = deps;
    this.base = floor;
    this.groups = new Groups(deps.groupsPerRule);
    this.router = new Router({
      index: deps.index,
      groups: this.groups,
      tenant: (clientId) => this.tenant(clientId),
      settled: (tenant) => this.forgetIdle(tenant),
      enqueue: (setId, delivery) => this.enqueue(setId, delivery),
      publishDeadLetter: (message, error, settle) => this.publishDeadLetter(message, error, settle),
      metrics: deps.metrics,
      traces: deps.traces,
    });
  }

  /** Up to where the lane has taken what it was given. */
  passed(): StreamPosition {
    return this.isRead ? later(this.base, this.deps.position()) : this.base;
  }

  /** Up to where Temporal has accepted everything. */
  floor(): StreamPosition {
    let floor = this.passed();
    for (const tenant of this.tenants.values()) floor = earlier(floor, tenant.ackFloor.position());
    return floor;
  }

  /** What was read and Temporal has not taken yet: how many messages, when the oldest was stored (epoch ms); clients that are parked. */
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

  /** The sets that do not keep up with what they were sent. */
  held(nowMs: number): HeldPartitionSet[] {
    return [...this.batchers.values()].flatMap((batcher) => batcher.held(nowMs) ?? []);
  }

  /** The reader begins, or begins anew further back. */
  rebase(): void {
    this.base = this.passed();
    this.isRead = true;
  }

  /** Resolves when everything of a client up to `sequence`, which was read, has been accepted by Temporal. Rejects with the signal's reason. */
  async reached(clientId: string, sequence: number, signal?: AbortSignal): Promise<void> {
    await this.tenants.get(clientId)?.ackFloor.reached(sequence, signal);
  }

  /** Undefined when the client's rules are as they were: what young rules still get counts as not delivered. */
  rulesAreChanging(clientId: string, signal?: AbortSignal): Promise<void> | undefined {
    return this.tenants.get(clientId)?.rulesAreChanging(signal);
  }

  floorOf(clientId: string): StreamPosition {
    return this.tenants.get(clientId)?.ackFloor.position() ?? this.passed();
  }

  /** What must be waited for before this message can be taken; undefined when there is nothing. Rejects with the signal's reason. */
  mustWaitFor(clientId: string, signal?: AbortSignal): Promise<void> | undefined {
    const { budget } = this.deps;
    if (budget.free <= 0) return budget.change(signal);
    const tenant = this.tenants.get(clientId);
    if (tenant === undefined) return undefined;
    if (tenant.mustWait()) return tenant.resuming(signal);
    if (!tenant.isBeyondShare()) return undefined;
    // It is not this one that is slow: to read on would be to read what nobody can take, and to read it again.
    return tenant.isHeldUp() || this.parked >= SET_ASIDE ? budget.change(signal) : undefined;
  }

  take(message: LogMessage, clientId: string): void {
    if (message.sequence <= this.base.sequence) return;
    this.deps.metrics.eventRead(String(this.number));
    const tenant = this.tenants.get(clientId);
    if (tenant === undefined || !(tenant.mustWait() || tenant.isBeyondShare())) this.router.route(message);
    else if (tenant.park(message)) void this.parkTenant(tenant);
  }

  /** Keeps a client's new events back while its rules change. */
  async whileRulesChange(clientId: string, work: () => Promise<void>): Promise<void> {
    const tenant = this.tenant(clientId);
    await tenant.whileRulesChange(work);
    this.forgetIdle(tenant);
  }

  /** What must be waited for before more of a client is read again; undefined when there is room. */
  room(clientId: string, signal: AbortSignal): Promise<void> | undefined {
    return this.tenants.get(clientId)?.isBeyondShare() === true ? this.deps.budget.change(signal) : undefined;
  }

  /** Nothing that is under way is waited for any more: another reader reads it again. */
  close(): void {
    for (const tenant of this.tenants.values()) tenant.close();
  }

  enqueue(setId: string, delivery: Delivery): void {
    const batcher = this.batchers.get(setId) ?? this.openBatcher(setId);
    batcher.enqueue(delivery);
  }

  /** Sends a set nothing until its next run has begun, or a moment is over. Resolves when nothing is under way to it. */
  async pause(setId: string, runId: string): Promise<void> {
    await this.batchers.get(setId)?.pause(runId);
  }

  /** A set that runs, as a reader before this one has started it. */
  addKnownSet(setId: string): void {
    this.groups.add(setId);
  }

  /** The sets of a rule that this lane has written to, and has not ended since. */
  writtenTo(clientId: string, ruleId: string): string[] {
    return [...this.batchers.keys()].filter((setId) => setId.startsWith(`${clientId}/rules/${ruleId}/`));
  }

  private openBatcher(setId: string): SignalBatcher {
    const { sets, persist, signal } = this.deps;
    const clientId = clientOfPartitionSet(setId);
    const batcher = new SignalBatcher(setId, {
      sets,
      deliver: (attempt) => persist(() => signal(clientId, attempt), { clientId, workflowId: setId }),
      // A question that fails is no delivery: the set is held, and says so.
      persist: (attempt) => persist(attempt, { clientId, workflowId: setId, question: true }),
      onClosed: () => {
        this.batchers.delete(setId);
        this.groups.delete(setId);
      },
    });
    this.groups.add(setId);
    this.batchers.set(setId, batcher);
    return batcher;
  }

  private tenant(clientId: string): Tenant {
    const tenant = this.tenants.get(clientId) ?? new Tenant(clientId, this.deps.budget, () => this.passed());
    this.tenants.set(clientId, tenant);
    return tenant;
  }

  private forgetIdle(tenant: Tenant): void {
    if (tenant.isIdle() && this.tenants.get(tenant.clientId) === tenant) this.tenants.delete(tenant.clientId);
  }

  private async parkTenant(tenant: Tenant): Promise<void> {
    const { log, persist, stopping } = this.deps;
    this.parked += 1;
    const route = (message: LogMessage): void => this.router.route(message);
    await ignoreStop(catchUp(tenant, { log, route, persist, stopping }));
    this.parked -= 1;
    this.forgetIdle(tenant);
  }

  private publishDeadLetter(message: LogMessage, error: VigilError, settle: () => void): void {
    const { deadLetters, logger, persist } = this.deps;
    const clientId = clientOf(message.subject);
    const owner = ID_PATTERN.test(clientId) ? clientId : '_unknown';
    const reason = typeof error.fields['reason'] === 'string' ? error.fields['reason'] : 'unusable';
    logger.warn({ clientId: owner, sequence: message.sequence, reason }, error.message);
    void ignoreStop(persist(() => deadLetters.publish(message, owner, reason, error.message)).then(settle));
  }
}
