import type { PartitionSetPlace } from '../../temporal/client/partition-sets-client.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import { toEvent, type VigilEvent } from '../../core/model/event.ts';
import type { Groups } from '../../core/matching/groups.ts';
import { overflowEvent, projectedEventBytes, projectEvent } from '../../core/matching/projection.ts';
import { matchRule, type IndexedRule, type Match, type RuleIndex } from '../../core/matching/rule-index.ts';
import type { ProjectedEvent } from '../../core/model/projected-event.ts';
import type { StoredRule } from '../../core/model/stored-rule.ts';
import type { Delivery } from '../delivery/signal-batcher.ts';
import type { SubscriberMetrics } from '../metrics-port.ts';
import type { EventTraces, LogMessage } from '../ports.ts';
import type { Tenant } from '../fairness/tenant.ts';

export interface RouterDeps {
  index: RuleIndex;
  groups: Groups;
  /** The tenant with this id, which need not exist: a hostile publisher can name any. */
  tenant: (clientId: string) => Tenant;
  /** Something of a tenant has been settled. */
  settled: (tenant: Tenant) => void;
  enqueue: (setId: string, delivery: Delivery) => void;
  /** Takes the message out of the stream of events; calls `settle` once that is safe. */
  publishDeadLetter: (message: LogMessage, error: VigilError, settle: () => void) => void;
  metrics: SubscriberMetrics;
  traces?: EventTraces | undefined;
}

/** What a message costs in memory beside its bytes, for each set that it goes to. */
const PARCEL_BYTES = 256;

const decoder = new TextDecoder('utf-8', { fatal: true });

export const clientOf = (subject: string): string => {
  const from = subject.indexOf('.') + 1;
  const to = subject.indexOf('.', from);
  return to === -1 ? subject.slice(from) : subject.slice(from, to);
};

/** Takes messages, in order, to the signal batchers of the sets that they are for. */
export class Router {
  private readonly deps: RouterDeps;

  constructor(deps: RouterDeps) {
    this.deps = deps;
  }

  route(message: LogMessage): void {
    const { index, tenant: find, settled, publishDeadLetter, metrics } = this.deps;
    let span: ReturnType<EventTraces['begin']> | undefined;
    const routedEvents = this.open(message, (event) => {
      const matches = index.match(event);
      if (event.trace !== undefined && matches.length > 0) span = this.deps.traces?.begin(event, event.trace);
      if (span !== undefined) event.trace = span.traceparent;
      return matches;
    });
    if (!(routedEvents instanceof VigilError)) metrics.routed(routedEvents.length);
    const deliveries = routedEvents instanceof VigilError ? 1 : routedEvents.length;
    if (deliveries === 0) return;

    const tenant = find(clientOf(message.subject));
    const inFlight = tenant.ackFloor.enter(message, deliveries);
    let left = deliveries;
    const settle = (): void => {
      left -= 1;
      if (left === 0) span?.end();
      tenant.ackFloor.settle(inFlight);
      settled(tenant);
    };
    if (routedEvents instanceof VigilError)
      publishDeadLetter(message, routedEvents, this.reserve(message, tenant, settle));
    else for (const routed of routedEvents) this.enqueue(routed, message, tenant, settle);
  }

  /** One rule's share of a message that the lane has passed already. `settle` is called for each once Temporal has taken it. */
  routeAgain(message: LogMessage, entry: IndexedRule, open: () => () => void): void {
    const routedEvents = this.open(message, (event) =>
      [matchRule(entry, event)].filter((match) => match !== undefined),
    );
    if (routedEvents instanceof VigilError) return;
    const tenant = this.deps.tenant(clientOf(message.subject));
    for (const routed of routedEvents) this.enqueue(routed, message, tenant, open());
  }

  /** The same for sets that are rebuilt, each with the id of its attempt: they run, and take nothing else meanwhile. */
  routeTo(
    attempts: ReadonlyMap<string, string>,
    message: LogMessage,
    entry: IndexedRule,
    open: () => () => void,
  ): void {
    const found = openMessage(message, (event) => {
      const match = matchRule(entry, event);
      const attempt = match && attempts.get(match.setId);
      if (match === undefined || attempt === undefined) return [];
      const own = projectEvent(entry.rule, event);
      return [
        {
          setId: match.setId,
          rule: entry.stored,
          event: own,
          bytes: projectedEventBytes(entry.rule, own),
          place: null,
          attempt,
        },
      ];
    });
    if (found instanceof VigilError) return;
    const tenant = this.deps.tenant(clientOf(message.subject));
    for (const routed of found) this.enqueue(routed, message, tenant, open());
  }

  private open(message: LogMessage, find: (event: VigilEvent) => Match[]): RoutedEvent[] | VigilError {
    return openMessage(message, (event) => {
      if (this.deps.traces === undefined) delete event.trace;
      return find(event).flatMap((match) => this.address(match, event));
    });
  }

  private address(match: Match, event: VigilEvent): RoutedEvent[] {
    const { groups, metrics } = this.deps;
    const { rule, stored, setId, group } = match;
    const ranBefore = rule.rule.groupBy === undefined || groups.has(setId);
    const taker = groups.setFor(match, event.storedAtMs);
    if (taker === setId) {
      const startedAtMs = startOf(rule.rule.groupBy, stored.storedAtMs, event.storedAtMs);
      const own = projectEvent(rule, event);
      return [
        {
          setId,
          rule: stored,
          event: own,
          bytes: projectedEventBytes(rule, own),
          place: { setId, group, startedAtMs, ranBefore },
        },
      ];
    }
    metrics.leftOut();
    const leftOut = overflowEvent(event);
    return taker === null
      ? []
      : [{ setId: taker, rule: stored, event: leftOut, bytes: projectedEventBytes(rule, leftOut), place: null }];
  }

  private enqueue({ setId, ...routed }: RoutedEvent, message: LogMessage, tenant: Tenant, settle: () => void): void {
    this.deps.enqueue(setId, {
      kind: 'event',
      ...routed,
      left: message.left,
      settle: this.reserve(message, tenant, settle),
    });
  }

  private reserve({ bytes }: LogMessage, tenant: Tenant, settle: () => void): () => void {
    const weight = bytes.length + PARCEL_BYTES;
    tenant.reserve(weight);
    return () => {
      tenant.release(weight);
      settle();
    };
  }
}

interface RoutedEvent {
  setId: string;
  rule: StoredRule;
  event: ProjectedEvent;
  /** Of the event as JSON, at most. */
  bytes: number;
  /** Null: only if the set runs. */
  place: PartitionSetPlace | null;
  attempt?: string;
}

/** A set without groups is as old as its rule; one of a group begins with the first event of its group. */
const startOf = (groupBy: unknown, ruleMs: number, eventMs: number): number =>
  groupBy === undefined ? ruleMs : Math.max(ruleMs, eventMs);

/** What a message means to the rules that want it, or why it cannot be used. Whatever a tenant sends, this does not throw. */
function openMessage(message: LogMessage, address: (event: VigilEvent) => RoutedEvent[]): RoutedEvent[] | VigilError {
  try {
    const { bytes, ...stored } = message;
    return address(toEvent({ ...stored, payload: parse(bytes) }));
  } catch (error) {
    if (error instanceof VigilError) return error;
    return new VigilError(
      'EVENT_INVALID',
      `The event cannot be handled: ${String(error)}.`,
      { reason: 'unusable' },
      { cause: error },
    );
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new VigilError('EVENT_INVALID', `The payload is no JSON: ${detail}.`, { reason: 'json' }, { cause: error });
  }
}
