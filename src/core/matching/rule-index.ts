import { compileRule, type CompiledRule } from '../compilation/compile-rule.ts';
import type { VigilEvent } from '../model/event.ts';
import { getter, type Getter } from '../primitives/path.ts';
import type { Rule } from '../model/rule-schema.ts';
import type { StoredRule } from '../model/stored-rule.ts';
import type { Scalar } from '../primitives/value.ts';

/** An event that a rule wants, and the set (workflow) it is for. */
export interface Match {
  rule: CompiledRule;
  stored: StoredRule;
  setId: string;
  group: Scalar[];
}

/** A rule as it is stored, and ready to run. */
export interface IndexedRule {
  stored: StoredRule;
  rule: CompiledRule;
}

/** Rules that demand one value of one property, found by that value. */
interface PropertyIndex {
  read: Getter;
  byValue: Map<unknown, IndexedRule[]>;
}

/** The rules of one client, laid out so that an event meets only those that it may match. */
interface ClientIndex {
  entries: Map<string, IndexedRule>;
  properties: Map<string, PropertyIndex>;
  /** Rules that demand no particular value: tried on every event. */
  rest: IndexedRule[];
}

/**
 * Finds the rules for an event. Each rule is filed under one value that its `where` demands, so the cost of an event
 * grows with the rules that want its values, not with all rules.
 */
export class RuleIndex {
  private readonly clients = new Map<string, ClientIndex>();

  put(stored: StoredRule): IndexedRule {
    const { rule } = stored;
    this.delete(rule.clientId, rule.id);
    const entry: IndexedRule = { stored, rule: compileRule(rule) };
    const client = this.client(rule.clientId);
    client.entries.set(rule.id, entry);
    if (entry.rule.enabled) shelves(client, rule).forEach((shelf) => shelf.push(entry));
    return entry;
  }

  delete(clientId: string, ruleId: string): void {
    const client = this.client(clientId);
    const entry = client.entries.get(ruleId);
    if (entry === undefined) return;
    client.entries.delete(ruleId);
    for (const shelf of shelves(client, entry.rule.rule)) {
      const place = shelf.indexOf(entry);
      if (place >= 0) shelf.splice(place, 1);
    }
  }

  get(clientId: string, ruleId: string): IndexedRule | undefined {
    return this.clients.get(clientId)?.entries.get(ruleId);
  }

  /** The clients that have rules, and those that had: what runs for them may still have to end. */
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
      const shelf = byValue.get(read(event.data));
      if (shelf !== undefined) for (const entry of shelf) collect(entry, event, found);
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

/** The match of one rule and one event, or undefined. */
export function matchRule(entry: IndexedRule, event: VigilEvent): Match | undefined {
  const { rule, stored } = entry;
  if (!rule.matches(event.data)) return undefined;
  const group = rule.groupOf(event.data);
  if (group === undefined || rule.partitionOf(event.data) === undefined) return undefined;
  return { rule, stored, setId: rule.ids.of(group), group };
}

function collect(entry: IndexedRule, event: VigilEvent, found: Match[]): void {
  const match = matchRule(entry, event);
  if (match !== undefined) found.push(match);
}

/** Where a rule is filed: under the first value that it demands other than the type, else under the type, else in `rest`. */
function shelves(client: ClientIndex, rule: Rule): IndexedRule[][] {
  const demands = rule.where.flatMap((node) => {
    if (!('property' in node)) return [];
    if (node.in !== undefined) return [{ property: node.property, values: node.in }];
    return node.equals === undefined || node.equals === '*' ? [] : [{ property: node.property, values: [node.equals] }];
  });
  const demand = demands.find(({ property }) => property !== 'type') ?? demands[0];
  if (demand === undefined) return [client.rest];
  let index = client.properties.get(demand.property);
  if (index === undefined) {
    index = { read: getter(demand.property), byValue: new Map<unknown, IndexedRule[]>() };
    client.properties.set(demand.property, index);
  }
  const { byValue } = index;
  return [...new Set(demand.values)].map((value) => {
    const shelf = byValue.get(value) ?? [];
    byValue.set(value, shelf);
    return shelf;
  });
}

/** The only set of a rule without groups, and the groups that `expect` names, exist before any event. */
export function groupsAtStart({ groupBy, expect = [] }: Rule): Scalar[][] {
  if (groupBy === undefined) return [[]];
  const named = expect.filter((entry) => groupBy.every((property) => Object.hasOwn(entry, property)));
  const groups = named.map((entry) => groupBy.map((property): Scalar => entry[property] ?? null));
  return [...new Map(groups.map((group) => [JSON.stringify(group), group])).values()];
}
