import { compileRule, type CompiledRule } from '../compilation/compile-rule.ts';
import type { VigilEvent } from '../model/event/event.ts';
import type { Getter } from '../primitives/path.ts';
import { requirementOf } from './requirement.ts';
import { mustWait } from '../model/stored-rule/rule-pause.ts';
import type { Predicate } from '../model/rule/condition-schema.ts';
import type { Rule } from '../model/rule/rule-schema.ts';
import type { StoredRule } from '../model/stored-rule/stored-rule.ts';
import type { Scalar } from '../primitives/value.ts';

/** A rule that matches an event, and the partition set (workflow) that the event belongs to. */
export interface Match {
  rule: CompiledRule;
  stored: StoredRule;
  setId: string;
  group: Scalar[];
  /** The event removes its partition, so it starts no partition set. */
  forgets?: true;
}

/** A rule as stored, and compiled. */
export interface IndexedRule {
  stored: StoredRule;
  rule: CompiledRule;
}

/** Rules that require one value of one property, by that value, as the rules compare it. */
interface PropertyIndex {
  read: Getter;
  byValue: Map<unknown, IndexedRule[]>;
}

/** The rules of one client, indexed so that an event is tested only against rules that may match. */
interface ClientIndex {
  entries: Map<string, IndexedRule>;
  /** By the name of the requirement. */
  properties: Map<string, PropertyIndex>;
  /** Rules that require no particular value: tested on every event. */
  rest: IndexedRule[];
}

/**
 * Finds the rules that match an event. Each rule is indexed under one value that its `where` requires, so the cost of
 * an event grows with the rules that require its values, not with all rules.
 */
export class RuleIndex {
  private readonly clients = new Map<string, ClientIndex>();

  put(stored: StoredRule): IndexedRule {
    const { rule } = stored;
    this.delete(rule.clientId, rule.id);
    const entry: IndexedRule = { stored, rule: compileRule(rule) };
    const client = this.client(rule.clientId);
    client.entries.set(rule.id, entry);
    if (entry.rule.enabled) buckets(client, rule).forEach((bucket) => bucket.push(entry));
    return entry;
  }

  delete(clientId: string, ruleId: string): void {
    const client = this.client(clientId);
    const entry = client.entries.get(ruleId);
    if (entry === undefined) return;
    client.entries.delete(ruleId);
    for (const bucket of buckets(client, entry.rule.rule)) {
      const place = bucket.indexOf(entry);
      if (place >= 0) bucket.splice(place, 1);
    }
  }

  get(clientId: string, ruleId: string): IndexedRule | undefined {
    return this.clients.get(clientId)?.entries.get(ruleId);
  }

  /** The clients that have or had rules: workflows of the latter may still have to end. */
  clientIds(): string[] {
    return [...this.clients.keys()];
  }

  all(): IndexedRule[] {
    return [...this.clients.values()].flatMap(({ entries }) => [...entries.values()]);
  }

  match(event: VigilEvent): Match[] {
    const client = this.clients.get(event.clientId);
    if (client === undefined) return [];
    const found: Match[] = [];
    for (const { read, byValue } of client.properties.values()) {
      const bucket = byValue.get(read(event.data));
      if (bucket !== undefined) for (const entry of bucket) collect(entry, event, found);
    }
    for (const entry of client.rest) collect(entry, event, found);
    return found;
  }

  private client(clientId: string): ClientIndex {
    const client = this.clients.get(clientId) ?? {
      entries: new Map<string, IndexedRule>(),
      properties: new Map<string, PropertyIndex>(),
      rest: [],
    };
    this.clients.set(clientId, client);
    return client;
  }
}

/** The match of one rule with one event, or undefined. Events since a pause wait. */
export function matchRule(entry: IndexedRule, event: VigilEvent): Match | undefined {
  const { rule, stored } = entry;
  if (mustWait(stored, event.storedAtMs)) return undefined;
  const forgets = rule.forgets?.(event.data) === true && rule.partitionOf(event.data) !== undefined;
  const isSettings = !forgets && rule.settings?.matches(event.data) === true;
  if (!forgets && !isSettings && !rule.matches(event.data)) return undefined;
  const group = rule.groupOf(event.data);
  if (group === undefined || !hasPlace(rule, event, isSettings)) return undefined;
  const match: Match = { rule, stored, setId: rule.ids.of(group), group };
  if (forgets) match.forgets = true;
  return match;
}

/** Whether the event belongs to a partition; settings may belong to all, if there is something that they bring. */
function hasPlace({ settings, partitionOf }: CompiledRule, { data }: VigilEvent, isSettings: boolean): boolean {
  if (!isSettings || settings === null) return partitionOf(data) !== undefined;
  return settings.slots.length > 0 && settings.placeOf(data) !== undefined;
}

function collect(entry: IndexedRule, event: VigilEvent, found: Match[]): void {
  // A rule with settings or `forgetOn` may be in several buckets.
  const isTwice = entry.rule.settings !== null || entry.rule.forgets !== null;
  if (isTwice && found.some(({ rule }) => rule === entry.rule)) return;
  const match = matchRule(entry, event);
  if (match !== undefined) found.push(match);
}

/** The index entries of a rule: those of its `where`, its `settings` and its `forgetOn`. */
const buckets = (client: ClientIndex, { where, settings = [], forgetOn = [] }: Rule): IndexedRule[][] => [
  ...new Set(
    [where, settings, forgetOn].flatMap((list, index) =>
      index > 0 && list.length === 0 ? [] : bucketsOf(client, list),
    ),
  ),
];

/**
 * The index entries of a list of predicates: under the first required value other than the type, else under the type,
 * else in `rest`.
 */
function bucketsOf(client: ClientIndex, predicates: readonly Predicate[]): IndexedRule[][] {
  const requirements = predicates.flatMap((node) => ('property' in node ? requirementOf(node) : []));
  const requirement = requirements.find(({ property }) => property !== 'type') ?? requirements[0];
  if (requirement === undefined) return [client.rest];
  let index = client.properties.get(requirement.name);
  if (index === undefined) {
    index = { read: requirement.read, byValue: new Map<unknown, IndexedRule[]>() };
    client.properties.set(requirement.name, index);
  }
  const { byValue } = index;
  return [...new Set(requirement.values)].map((value) => {
    const bucket = byValue.get(value) ?? [];
    byValue.set(value, bucket);
    return bucket;
  });
}

/**
 * The groups that exist before any event: the only set of a rule without `groupBy`, else the groups that `expect`
 * names.
 */
export function groupsAtStart({ groupBy, expect = [] }: Rule): Scalar[][] {
  if (groupBy === undefined) return [[]];
  const named = expect.filter((entry) => groupBy.every((property) => Object.hasOwn(entry, property)));
  const groups = named.map((entry) => groupBy.map((property): Scalar => entry[property] ?? null));
  return [...new Map(groups.map((group) => [JSON.stringify(group), group])).values()];
}
