import type { PartitionSetPlace } from '../../temporal/client/partition-sets-client.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import { takesFrom } from '../../core/model/stored-rule/backfill.ts';
import type { VigilEvent } from '../../core/model/event/event.ts';
import type { Groups } from '../../core/matching/groups.ts';
import { overflowEvent, projectedEventBytes, projectEvent } from '../../core/matching/projection.ts';
import { groupsFromMs } from '../../core/model/stored-rule/version-times.ts';
import { matchRule, type IndexedRule, type Match, type RuleIndex } from '../../core/matching/rule-index.ts';
import type { ProjectedEvent } from '../../core/model/event/projected-event.ts';
import type { StoredRule } from '../../core/model/stored-rule/stored-rule.ts';
import type { EventTraces, LogMessage } from '../ports.ts';
import { decode } from './decode.ts';

/** An event for one partition set. */
export interface RoutedEvent {
  setId: string;
  rule: StoredRule;
  event: ProjectedEvent;
  /** Upper bound of the event's JSON size. */
  bytes: number;
  /** For starting the set if it does not run; null: deliver only if it runs. */
  place: PartitionSetPlace | null;
  /** The recovery that the event belongs to. */
  attempt?: string;
}

export interface Routed {
  events: RoutedEvent[];
  /** Number of rules that had no room for the event's group. */
  leftOut: number;
  /** Rules whose set for the event's group would be over the quota of the client. */
  overQuota?: { ruleId: string; isFirst: boolean }[];
  /** The span of a traced event. */
  span?: ReturnType<EventTraces['begin']>;
}

export interface RouterDeps {
  index: RuleIndex;
  groups: Groups;
  traces?: EventTraces | undefined;
}

/** Routes messages to partition sets. Never throws for an invalid message: it returns the error. */
export class Router {
  private readonly deps: RouterDeps;

  constructor(deps: RouterDeps) {
    this.deps = deps;
  }

  /** Routes to all rules of the client. */
  route(message: LogMessage): Routed | VigilError {
    const { index, traces } = this.deps;
    return valid(message, (event) => {
      const matches = index.match(event);
      const span = event.trace !== undefined && matches.length > 0 ? traces?.begin(event, event.trace) : undefined;
      if (span !== undefined) event.trace = span.traceparent;
      const routed = this.address(event, matches);
      return span === undefined ? routed : { ...routed, span };
    });
  }

  /** Routes to one rule, for a backfill. */
  routeForRule(message: LogMessage, entry: IndexedRule): Routed | VigilError {
    return valid(message, (event) => this.address(event, matchOf(entry, event)));
  }

  /** Routes to sets that are being rebuilt. `attempts`: recovery attempt by set id. */
  routeForRecovery(
    message: LogMessage,
    entry: IndexedRule,
    attempts: ReadonlyMap<string, string>,
  ): Routed | VigilError {
    return valid(message, (event) => {
      const events = matchOf(entry, event).flatMap(({ setId }) => {
        const attempt = attempts.get(setId);
        return attempt === undefined ? [] : [{ ...routedTo(setId, entry, event, null), attempt }];
      });
      return { events, leftOut: 0 };
    });
  }

  private address(event: VigilEvent, matches: readonly Match[]): Routed {
    const { groups, traces } = this.deps;
    if (traces === undefined && event.trace !== undefined) delete event.trace;
    const routed: Routed = { events: [], leftOut: 0 };
    for (const match of matches) {
      const { rule, stored, setId, group } = match;
      const over = groups.overQuota(match, event.storedAtMs);
      if (over !== null) {
        (routed.overQuota ??= []).push({ ruleId: rule.rule.id, ...over });
        continue;
      }
      const ranBefore = rule.rule.groupBy === undefined || groups.has(setId);
      const target = groups.setFor(match, event.storedAtMs);
      if (target === setId) {
        const startedAtMs = startOf(stored, event.storedAtMs);
        routed.events.push(routedTo(setId, match, event, { setId, group, startedAtMs, ranBefore }));
        continue;
      }
      routed.leftOut += 1;
      if (target === null) continue;
      const overflow = overflowEvent(event);
      routed.events.push({
        setId: target,
        rule: stored,
        event: overflow,
        bytes: projectedEventBytes(rule, overflow),
        place: null,
      });
    }
    return routed;
  }
}

function matchOf(entry: IndexedRule, event: VigilEvent): Match[] {
  const match = matchRule(entry, event);
  return match === undefined ? [] : [match];
}

function routedTo(
  setId: string,
  { rule, stored }: IndexedRule,
  event: VigilEvent,
  place: PartitionSetPlace | null,
): RoutedEvent {
  const own = projectEvent(rule, event);
  return { setId, rule: stored, event: own, bytes: projectedEventBytes(rule, own), place };
}

/** A set without groups starts with its rule; one of a group starts with the group's first event. */
const startOf = (stored: StoredRule, eventMs: number): number =>
  stored.rule.groupBy === undefined ? takesFrom(stored) : Math.max(groupsFromMs(stored), eventMs);

function valid(message: LogMessage, route: (event: VigilEvent) => Routed): Routed | VigilError {
  try {
    return route(decode(message));
  } catch (error) {
    if (error instanceof VigilError) return error;
    return new VigilError(
      'EVENT_INVALID',
      `The event cannot be processed: ${String(error)}.`,
      { reason: 'unusable' },
      { cause: error },
    );
  }
}
