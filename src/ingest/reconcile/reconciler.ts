import type { RunningPartitionSet, SetEnd, PartitionSetsClient } from '../../temporal/client/partition-sets-client.ts';
import { beginsAt } from '../../core/model/stored-rule/backfill.ts';
import { clientOfPartitionSet } from '../../core/model/ids.ts';
import { groupsAtStart, type IndexedRule, type RuleIndex } from '../../core/matching/rule-index.ts';
import { beginsAnew, missingFromMs } from '../../core/model/stored-rule/version-times.ts';
import type { RuleChange } from '../../core/model/stored-rule/stored-rule.ts';
import type { EventLogPort } from '../ports.ts';
import type { Delivery } from '../delivery/signal-batcher.ts';

export interface ReconcilerDeps {
  index: RuleIndex;
  sets: Pick<PartitionSetsClient, 'running' | 'lost'>;
  /** What the event stream has. */
  stream: EventLogPort['extent'];
  /** Whether this process has the client's lane. */
  isMine: (clientId: string) => boolean;
  /** The sets of a rule that this process has signalled, and has not ended since. */
  writtenTo: (clientId: string, ruleId: string) => string[];
  /** Called for a set that runs, or that ended without its rule ending it. */
  found: (setId: string) => void;
  /** Whether the sets of this rule version have not been started yet, as far as is known. */
  isYoung: (clientId: string, version: number) => boolean;
  /** Resolves when Temporal has accepted it; rejects when the client's lane moves to another process. */
  deliver: (setId: string, delivery: PendingDelivery) => Promise<void>;
}

/** A change, and the rule as of it: there may be a newer change by the time it is applied. */
export interface Learned {
  change: RuleChange;
  entry: IndexedRule | undefined;
  /** The rule lacks events stored from then on, epoch ms; null: it lacks none. */
  missingFromMs: number | null;
  /** Its sets ran before, and go on. */
  goesOn: boolean;
}

export type PendingDelivery = Delivery extends infer L
  ? L extends { settle: unknown }
    ? Omit<L, 'settle'>
    : never
  : never;

/** Reconciles the running sets with the rules: starts, updates and ends them. Idempotent. */
export class Reconciler {
  private readonly deps: ReconcilerDeps;

  constructor(deps: ReconcilerDeps) {
    this.deps = deps;
  }

  /** Reconciles the sets of one rule with a change. Resolves when Temporal has accepted all signals. */
  async apply({ change, entry, goesOn }: Learned): Promise<void> {
    const { clientId, ruleId } =
      change.kind === 'put' ? { clientId: change.rule.clientId, ruleId: change.rule.id } : change;
    const running = await this.deps.sets.running({ clientIds: [clientId], ruleId });
    // Visibility is eventually consistent: it may lack a new set and still list an ended one. So sets that must run get
    // the rule by signal-with-start, and signalled sets count as running.
    const listed = new Map(running.map(({ workflowId, version }) => [workflowId, version]));
    const roster = new Set(
      entry?.rule.enabled === true ? groupsAtStart(entry.stored.rule).map((group) => entry.rule.ids.of(group)) : [],
    );
    // Those that must run get the new version in any case; if it begins anew, they end first.
    const aligned = [...new Set([...listed.keys(), ...this.deps.writtenTo(clientId, ruleId)])]
      .map((workflowId) => ({ workflowId, version: listed.get(workflowId) ?? 0 }))
      .filter((set) => !roster.has(set.workflowId) || isOutlived(set, entry))
      .map((set) => this.align(set, entry, change));
    await Promise.all([...aligned, ...this.begin(entry, [], goesOn)]);
  }

  /**
   * Reconciles the sets of all known clients with their rules, including deleted ones: at the start, and periodically
   * in case visibility was behind.
   */
  async applyAll(isWanted: (clientId: string) => boolean = () => true): Promise<void> {
    const { index, sets } = this.deps;
    const isMine = (clientId: string): boolean => isWanted(clientId) && this.deps.isMine(clientId);
    const listed = await sets.running({ clientIds: index.clientIds().filter(isMine) });
    // A lane may have moved meanwhile.
    const running = listed.filter(({ clientId }) => isMine(clientId));
    for (const { workflowId } of running) this.deps.found(workflowId);
    const entries = index.all().filter(({ stored }) => isMine(stored.rule.clientId));
    const aligned = running.map((set) => {
      const entry = index.get(set.clientId, set.ruleId);
      return this.align(set, entry, entry?.stored ?? { version: set.version, storedAtMs: Date.now() });
    });
    await Promise.all([
      ...aligned,
      ...entries.flatMap((entry) =>
        this.begin(
          entry,
          running.filter((set) => !isOutlived(set, entry)),
          !this.deps.isYoung(entry.stored.rule.clientId, entry.stored.version),
        ),
      ),
    ]);
  }

  /** Records the groups whose sets were lost while no reader ran: their next event rebuilds them. */
  async learnLost(isWanted: (clientId: string) => boolean): Promise<void> {
    const { index, sets, found } = this.deps;
    if (!index.all().some(({ stored }) => stored.rule.groupBy !== undefined && isWanted(stored.rule.clientId))) return;
    for (const setId of await sets.lost()) if (isWanted(clientOfPartitionSet(setId))) found(setId);
  }

  /** Ends the sets of clients that are no longer in the bucket; finding them needs the list of all running sets. */
  async endStrays(): Promise<void> {
    const { index, sets, isMine } = this.deps;
    const running = await sets.running();
    const known = new Set(index.clientIds());
    const strays = running.filter(({ clientId }) => isMine(clientId) && !known.has(clientId));
    await Promise.all(
      strays.map((set) => this.align(set, undefined, { version: set.version, storedAtMs: Date.now() })),
    );
  }

  private async align(
    set: Pick<RunningPartitionSet, 'workflowId' | 'version'>,
    entry: IndexedRule | undefined,
    { version, storedAtMs }: { version: number; storedAtMs: number },
  ): Promise<void> {
    const reason = reasonToEnd(set.workflowId, entry);
    const resumed = isOutlived(set, entry) ? entry?.stored.resumed : undefined;
    if (reason !== undefined)
      await this.deps.deliver(set.workflowId, { kind: 'end', end: { reason, version, atMs: storedAtMs } });
    // It may begin anew with the version that resumed its rule.
    else if (resumed !== undefined)
      await this.deps.deliver(set.workflowId, {
        kind: 'end',
        end: { reason: 'ruleResumed', version: resumed.version - 1, atMs: resumed.fromMs },
      });
    else if (entry !== undefined && set.version < entry.stored.version)
      await this.deps.deliver(set.workflowId, { kind: 'rule', rule: entry.stored, place: null });
  }

  /** Starts the sets that exist before any event: that of a rule without groups, and those of expected groups. */
  private begin(
    entry: IndexedRule | undefined,
    running: readonly RunningPartitionSet[],
    ranBefore: boolean,
  ): Promise<void>[] {
    if (entry === undefined || !entry.rule.enabled) return [];
    const { rule, stored } = entry;
    const known = new Set(running.map(({ workflowId }) => workflowId));
    const missing = groupsAtStart(entry.stored.rule).filter((group) => !known.has(rule.ids.of(group)));
    return missing.map(async (group) => {
      const setId = rule.ids.of(group);
      // A rebuild gives one that ran before its start.
      const isBackfilled = stored.rule.backfill !== undefined && !ranBefore;
      const startedAtMs = isBackfilled ? beginsAt(stored, await this.deps.stream()) : stored.storedAtMs;
      await this.deps.deliver(setId, {
        kind: 'rule',
        rule: stored,
        place: { setId, group, startedAtMs, ranBefore },
      });
    });
  }
}

/** Whether the rule has begun anew since the version that the set has. */
const isOutlived = ({ version }: Pick<RunningPartitionSet, 'version'>, entry: IndexedRule | undefined): boolean =>
  entry !== undefined && beginsAnew(entry.stored, version);

/** Applies a change to the index. A rule that may match more events than before needs a backfill. */
export function learnChange(index: RuleIndex, change: RuleChange): Learned {
  if (change.kind === 'delete') {
    index.delete(change.clientId, change.ruleId);
    return { change, entry: undefined, missingFromMs: null, goesOn: false };
  }
  const { kind: _kind, ...stored } = change;
  const before = index.get(stored.rule.clientId, stored.rule.id);
  const entry = index.put(stored);
  const sameRoute = before?.rule.enabled === true && before.rule.ids.route === entry.rule.ids.route;
  const known = before?.stored.version ?? 0;
  const takesMore = entry.rule.enabled && (!sameRoute || (stored.resumed?.version ?? 0) > known);
  const goesOn = sameRoute && !beginsAnew(stored, known);
  // Sets that go on lack only what came while they were paused.
  const fromMs = (goesOn ? stored.resumed?.fromMs : undefined) ?? missingFromMs(stored, known);
  return { change, entry, missingFromMs: takesMore ? fromMs : null, goesOn };
}

export function reasonToEnd(setId: string, entry: IndexedRule | undefined): SetEnd['reason'] | undefined {
  if (entry === undefined) return 'ruleDeleted';
  if (!entry.rule.enabled) return 'ruleDisabled';
  return entry.rule.ids.owns(setId) ? undefined : 'ruleUpdated';
}
