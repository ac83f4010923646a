import { randomUUID } from 'node:crypto';
import type { SetsClient } from '../client/sets-client.ts';
import type { Log } from '../adapters/log.ts';
import { compileRule } from '../core/compile.ts';
import { ruleOfSet } from '../core/ids.ts';
import { groupsAtStart, type Entry, type RuleIndex } from '../core/routing.ts';
import type { StoredRule } from '../core/stored-rule.ts';
import type { RecoveryMessage, RecoveryRequest } from '../core/set-messages.ts';
import type { Lane } from './lane.ts';
import type { AlertLogPort, EventLogPort, RuleFeedPort } from './ports.ts';
import { readAgain } from './read-again.ts';
import { reasonToEnd, type Unsettled } from './rule-desk.ts';
import { ignoreStop } from './stopped.ts';
import type { StreamMark } from './stream-mark.ts';

export interface SetRecoveryDeps {
  index: RuleIndex;
  lane: Lane;
  log: EventLogPort;
  rules: Pick<RuleFeedPort, 'history'>;
  alerts: AlertLogPort;
  sets: Pick<SetsClient, 'endShards'>;
  logger: Log;
  /** Resolves when Temporal has taken it. */
  say: (setId: string, letter: Unsettled) => Promise<void>;
  /** Tries until it succeeds; rejects only when the lane is given up. */
  persist: (work: () => Promise<void>) => Promise<void>;
  stopping: AbortSignal;
  /** Works while the client's newer events, those behind the mark, are kept back. */
  inTurn: (clientId: string, work: (until: StreamMark) => Promise<void>) => Promise<void>;
}

/** Alerts of partitions come from several shards, where a set was split: one may be ahead of another by no more than this. */
const SHARDS_APART_MS = 3_600_000;

/**
 * Gives partition sets the events that they lack: those that began anew although their rule had not changed, or that have lost a
 * shard, all since the start of their rule; those that could not take events, what came since.
 */
export class SetRecovery {
  private readonly underWay = new Set<string>();
  private readonly deps: SetRecoveryDeps;

  constructor(deps: SetRecoveryDeps) {
    this.deps = deps;
  }

  /** Begins, unless it is at it already. Where the lane is given up meanwhile, the set asks its next reader. */
  begin(request: RecoveryRequest): void {
    const { setId, clientId } = request;
    if (this.underWay.has(setId)) return;
    this.underWay.add(setId);
    const { inTurn, persist } = this.deps;
    const work = inTurn(clientId, (until) => persist(() => this.attempt(request, until)));
    void ignoreStop(work).finally(() => this.underWay.delete(setId));
  }

  private async attempt(request: RecoveryRequest, until: StreamMark): Promise<void> {
    const { index, logger, say } = this.deps;
    const { clientId, setId, requestId, reason, afterSequence } = request;
    const [, , ruleId = ''] = ruleOfSet(setId).split('/');
    const entry = index.get(clientId, ruleId);
    const attempt = randomUUID();
    const tell = (message: RecoveryMessage): Promise<void> => say(setId, { kind: 'recovery', message });
    const ending = reasonToEnd(setId, entry);
    if (entry === undefined || ending !== undefined) {
      await tell({ setId, requestId, attempt, phase: 'refused' });
      const end = { reason: ending ?? 'ruleDeleted', version: entry?.stored.version ?? Number.MAX_SAFE_INTEGER, atMs: until.storedAtMs };
      return say(setId, { kind: 'end', end });
    }
    const startedMs = performance.now();
    logger.warn({ clientId, ruleId, workflowId: setId, reason, afterSequence }, 'a partition set lacks events; they are read again from the stream');
    const { versions, isComplete } = afterSequence === null ? await this.versionsOf(entry) : { versions: [entry], isComplete: true };
    const first = versions[0] ?? entry;
    if (afterSequence === null) await this.deps.sets.endShards(setId);
    const publishedUntilMs = afterSequence === null ? await this.publishedUntil(entry, setId) : null;
    await tell({ setId, requestId, attempt, phase: 'begin', rule: first.stored, startedAtMs: startOf(first, setId), isComplete, publishedUntilMs });
    const from = afterSequence === null ? { timeMs: first.stored.storedAtMs } : { sequence: afterSequence + 1 };
    const { log, lane, stopping } = this.deps;
    let [version, next] = [first, 1];
    await readAgain({ log, lane, clientId, from, until, stopping }, (message, open) => {
      // Each event is for the rule as it was then.
      for (let later = versions[next]; later !== undefined && later.stored.storedAtMs <= message.storedAtMs; later = versions[++next]) version = later;
      lane.router.routeTo(setId, message, version, attempt, open);
    });
    await tell({ setId, requestId, attempt, phase: 'end', rule: entry.stored });
    logger.warn({ clientId, ruleId, workflowId: setId, ms: Math.round(performance.now() - startedMs), isComplete }, 'the partition set has had its events again');
  }

  /** The versions of the rule since it takes these events, the oldest first, and whether the stream still holds all events since then. */
  private async versionsOf(entry: Entry): Promise<{ versions: Entry[]; isComplete: boolean }> {
    const { rules, log } = this.deps;
    const { rule, version } = entry.stored;
    const { changes, isWhole } = await rules.history(rule.clientId, rule.id);
    let versions: Entry[] = [];
    let isWholeRun = isWhole;
    for (const change of changes) {
      if (change.version > version) break;
      const its = change.kind === 'put' ? entryOf(change) : undefined;
      const goesOn = its !== undefined && its.rule.enabled && its.rule.ids.route === entry.rule.ids.route;
      if (!goesOn) [versions, isWholeRun] = [[], true];
      else versions.push(its);
    }
    if (versions.length === 0) versions = [entry];
    const { first, firstAtMs } = await log.extent();
    const holdsAll = first <= 1 || firstAtMs <= (versions[0] ?? entry).stored.storedAtMs;
    return { versions, isComplete: isWholeRun && holdsAll };
  }

  private async publishedUntil({ stored: { rule } }: Entry, setId: string): Promise<number | null> {
    const newestMs = await this.deps.alerts.newestOf(rule.clientId, rule.id, setId);
    const isEach = rule.evaluate.type === 'each' || rule.evaluate.type === 'sequence';
    return newestMs === null ? null : newestMs - (isEach ? SHARDS_APART_MS : 0);
  }
}

const entryOf = (stored: StoredRule): Entry => ({ stored, rule: compileRule(stored.rule) });

/** A set of a group that no roster names begins with its first event: null. */
function startOf({ stored, rule }: Entry, setId: string): number | null {
  const isThere = groupsAtStart(stored.rule).some((group) => rule.ids.of(group) === setId);
  return isThere ? stored.storedAtMs : null;
}
