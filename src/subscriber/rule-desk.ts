import type { RunningSet, SetEnd, SetsClient } from '../client/sets-client.ts';
import type { Scalar } from '../core/alert.ts';
import type { Entry, RuleIndex } from '../core/routing.ts';
import type { RuleChange } from '../core/stored-rule.ts';
import type { Letter } from './mailbox.ts';

export interface RuleDeskDeps {
  index: RuleIndex;
  sets: Pick<SetsClient, 'running'>;
  post: (setId: string, letter: Letter) => void;
}

type Unsettled = Letter extends infer L ? (L extends { settle: unknown } ? Omit<L, 'settle'> : never) : never;

/** Keeps the running sets in step with the rules: starts, changes and ends them. Asked again, it does no harm. */
export class RuleDesk {
  private readonly deps: RuleDeskDeps;

  constructor(deps: RuleDeskDeps) {
    this.deps = deps;
  }

  /** Takes a change into the index. Tells whether the rule now takes events that it did not take before: it may have a gap to read. */
  learn(change: RuleChange): { takesMore: boolean } {
    const { index } = this.deps;
    if (change.kind === 'delete') {
      index.delete(change.clientId, change.ruleId);
      return { takesMore: false };
    }
    const { rule, version, storedAtMs } = change;
    const before = index.get(rule.clientId, rule.id)?.rule;
    const after = index.put({ rule, version, storedAtMs }).rule;
    const sameRoute = before?.enabled === true && before.ids.route === after.ids.route;
    return { takesMore: after.enabled && !sameRoute };
  }

  /** Brings the sets of one rule in step with a change. Resolves when Temporal has taken what was to be said. */
  async apply(change: RuleChange): Promise<void> {
    const { clientId, ruleId } = change.kind === 'put' ? { clientId: change.rule.clientId, ruleId: change.rule.id } : change;
    const running = await this.deps.sets.running({ clientId, ruleId });
    const entry = this.deps.index.get(clientId, ruleId);
    await Promise.all([...running.map((set) => this.align(set, entry, change)), ...this.begin(entry, running)]);
  }

  /** Brings all sets in step with all rules: at the start, and again now and then in case visibility was behind. */
  async applyAll(): Promise<void> {
    const running = await this.deps.sets.running();
    const { index } = this.deps;
    const aligned = running.map((set) => {
      const entry = index.get(set.clientId, set.ruleId);
      return this.align(set, entry, entry?.stored ?? { version: set.version, storedAtMs: Date.now() });
    });
    await Promise.all([...aligned, ...index.all().flatMap((entry) => this.begin(entry, running))]);
  }

  private async align(set: RunningSet, entry: Entry | undefined, { version, storedAtMs }: { version: number; storedAtMs: number }): Promise<void> {
    const reason = reasonToEnd(set.workflowId, entry);
    if (reason !== undefined) await this.say(set.workflowId, { kind: 'end', end: { reason, version, atMs: storedAtMs } });
    else if (entry !== undefined && set.version < entry.stored.version) await this.say(set.workflowId, { kind: 'rule', rule: entry.stored, place: null });
  }

  /** Starts the sets that exist before any event: the only one of a rule without groups, and the groups on a roster. */
  private begin(entry: Entry | undefined, running: readonly RunningSet[]): Promise<void>[] {
    if (entry === undefined || !entry.rule.enabled) return [];
    const { rule, stored } = entry;
    const known = new Set(running.map(({ workflowId }) => workflowId));
    const missing = rosterGroups(entry).filter((group) => !known.has(rule.ids.of(group)));
    return missing.map((group) => {
      const setId = rule.ids.of(group);
      return this.say(setId, { kind: 'rule', rule: stored, place: { setId, group, startedAtMs: stored.storedAtMs } });
    });
  }

  private say(setId: string, letter: Unsettled): Promise<void> {
    return new Promise((settle) => this.deps.post(setId, { ...letter, settle }));
  }
}

function reasonToEnd(setId: string, entry: Entry | undefined): SetEnd['reason'] | undefined {
  if (entry === undefined) return 'ruleDeleted';
  if (!entry.rule.enabled) return 'ruleDisabled';
  return entry.rule.ids.owns(setId) ? undefined : 'ruleUpdated';
}

function rosterGroups({ stored: { rule } }: Entry): Scalar[][] {
  const { groupBy, expect = [] } = rule;
  if (groupBy === undefined) return [[]];
  const named = expect.filter((entry) => groupBy.every((property) => Object.hasOwn(entry, property)));
  const groups = named.map((entry) => groupBy.map((property): Scalar => entry[property] ?? null));
  return [...new Map(groups.map((group) => [JSON.stringify(group), group])).values()];
}
