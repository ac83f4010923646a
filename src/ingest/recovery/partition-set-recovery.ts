import { randomUUID } from 'node:crypto';
import type { PartitionSetsClient } from '../../temporal/client/partition-sets-client.ts';
import type { Log } from '../../observability/log.ts';
import { ruleOfPartitionSet } from '../../core/model/ids.ts';
import { groupsAtStart, type IndexedRule, type RuleIndex } from '../../core/matching/rule-index.ts';
import { beginsAt, takesFrom } from '../../core/model/stored-rule/backfill.ts';
import {
  PIECES_APART_MS,
  type RecoveryMessage,
  type RecoveryReason,
  type RecoveryRequest,
} from '../../core/model/partition-set/partition-set-messages.ts';
import type { Lane } from '../routing/lane.ts';
import type { AlertLogPort, EventLogPort, PublishedOfSet, RuleFeedPort } from '../ports.ts';
import { Outstanding } from '../delivery/outstanding.ts';
import type { DeliveryFields } from '../delivery/retry.ts';
import { reread } from '../reading/reread.ts';
import { reasonToEnd, type PendingDelivery } from '../reconcile/reconciler.ts';
import { readVersions, versionAt, versionsFrom, type RuleVersions } from './rule-versions.ts';
import type { Router } from '../routing/router.ts';
import { ignoreStop } from '../stopped.ts';
import type { StreamPosition } from '../reading/stream-position.ts';

export interface PartitionSetRecoveryDeps {
  index: RuleIndex;
  lane: Pick<Lane, 'room' | 'quotas' | 'deliverAgain'> & { router: Pick<Router, 'routeForRecovery'> };
  log: Pick<EventLogPort, 'read' | 'extent'>;
  rules: Pick<RuleFeedPort, 'history'>;
  alerts: AlertLogPort;
  sets: Pick<PartitionSetsClient, 'shardsOf'>;
  logger: Log;
  /** Resolves when Temporal has accepted it. */
  deliver: (setId: string, delivery: PendingDelivery) => Promise<void>;
  /** Retries until it succeeds; rejects only when the lane is released. */
  persist: (work: () => Promise<void>, fields: DeliveryFields) => Promise<void>;
  stopping: AbortSignal;
  /** Runs work while the client's events after `until` are held back. */
  inTurn: (clientId: string, work: (until: StreamPosition) => Promise<void>) => Promise<void>;
}

/** A set that is being rebuilt, and the versions of its rule. */
interface Rebuilt {
  request: RecoveryRequest;
  entry: IndexedRule;
  rule: RuleVersions;
  attempt: string;
}

/**
 * Sends partition sets the events that they lack. A set that restarted without a rule change, or lost a shard, gets all
 * events since the start of its rule; one whose inbox overflowed gets the later ones. Sets of a client that ask while a
 * pass runs share the next pass.
 */
export class PartitionSetRecovery {
  /** Open requests, by client and set. */
  private readonly asked = new Map<string, Map<string, RecoveryRequest>>();
  private readonly deps: PartitionSetRecoveryDeps;

  constructor(deps: PartitionSetRecoveryDeps) {
    this.deps = deps;
  }

  /**
   * Starts a recovery; a repeated request changes nothing. A set that overflows again sends a new request, which
   * replaces the old one. If the lane is released meanwhile, the set asks its next reader.
   */
  begin(request: RecoveryRequest): void {
    const { clientId, setId } = request;
    const open = this.asked.get(clientId);
    if (open !== undefined) {
      if (open.get(setId)?.requestId !== request.requestId) open.set(setId, request);
      return;
    }
    this.asked.set(clientId, new Map([[setId, request]]));
    const { inTurn, persist } = this.deps;
    void ignoreStop(
      inTurn(clientId, (until) => persist(() => this.rebuildAll(clientId, until), { work: 'recovery', clientId })),
    );
  }

  /** Runs passes until the client has no open requests. Requests that arrive meanwhile are in the next pass. */
  private async rebuildAll(clientId: string, until: StreamPosition): Promise<void> {
    const open = this.asked.get(clientId) ?? new Map<string, RecoveryRequest>();
    while (open.size > 0) {
      const requests = [...open.values()];
      const published = await this.publishedAlerts(clientId, requests);
      const versionsOf = once((entry) => readVersions(entry, this.deps.rules, this.deps.log));
      const rebuilt = (
        await Promise.all(
          requests.map((request) => this.prepare(request, published.get(request.setId), versionsOf, until)),
        )
      ).filter((each) => each !== null);
      const whole = rebuilt.filter(({ request }) => request.afterSequence === null);
      if (whole.length > 0)
        await this.readFor(
          whole,
          { timeMs: Math.min(...whole.map(({ rule }) => takesFrom(rule.versions[0].stored))) },
          until,
        );
      for (const each of rebuilt) {
        const { afterSequence } = each.request;
        if (afterSequence !== null) await this.readFor([each], { sequence: afterSequence + 1 }, until);
      }
      for (const request of requests) if (open.get(request.setId) === request) open.delete(request.setId);
    }
    this.asked.delete(clientId);
  }

  /** Starts the recovery of a set. Null: its rule is gone, and the set is ended. */
  private async prepare(
    request: RecoveryRequest,
    published: PublishedOfSet | undefined,
    versionsOf: VersionsOf,
    until: StreamPosition,
  ): Promise<Rebuilt | null> {
    const { index, logger, sets, deliver } = this.deps;
    const { clientId, setId, requestId, reason, afterSequence, fromVersion, runId } = request;
    const ruleId = ruleIdOf(setId);
    const entry = index.get(clientId, ruleId);
    const attempt = randomUUID();
    const send = (message: RecoveryMessage): Promise<void> => deliver(setId, { kind: 'recovery', message });
    const ending = reasonToEnd(setId, entry);
    if (entry === undefined || ending !== undefined) {
      await send({ setId, requestId, attempt, phase: 'refused' });
      await deliver(setId, {
        kind: 'end',
        end: {
          reason: ending ?? 'ruleDeleted',
          version: entry?.stored.version ?? Number.MAX_SAFE_INTEGER,
          atMs: until.storedAtMs,
        },
      });
      return null;
    }
    logger[fromVersion === undefined ? 'warn' : 'info'](
      { clientId, ruleId, workflowId: setId, reason, afterSequence },
      'a partition set lacks events; reading them again from the stream',
    );
    const isWhole = afterSequence === null;
    const isNewest = reason === 'inboxOverflow' && !isWhole;
    const rule = isNewest ? currentVersion(entry) : await versionsOf(entry, fromVersion);
    const shardIds = isWhole && fromVersion === undefined ? await sets.shardsOf(setId) : [];
    const [first] = rule.versions;
    const startedAtMs = startOf(first, setId, rule.stream);
    // The set of a group is split, to take more than one message, only once it has opened.
    const isTooMuch = startedAtMs === null && (published?.more ?? null) !== null;
    const compared = isTooMuch ? null : (published?.stream ?? null);
    if (published !== undefined && compared === null) logger.warn({ clientId, ruleId, workflowId: setId }, TOO_MANY);
    const publishedUntilMs = published === undefined ? null : published.untilMs - (isEach(entry) ? PIECES_APART_MS : 0);
    await send({
      setId,
      requestId,
      attempt,
      phase: 'begin',
      rule: first.stored,
      startedAtMs,
      isComplete: rule.isComplete,
      publishedUntilMs,
      shardIds,
      ...(compared !== null && { published: compared }),
      ...(runId !== undefined && { runId }),
    });
    const pages = compared === null ? undefined : published?.more?.();
    for await (const alerts of pages ?? []) await send({ setId, requestId, attempt, phase: 'published', alerts });
    return { request, entry, rule, attempt };
  }

  /** Reads a client's events once for all of these sets; each event is matched by the rule version of its time. */
  private async readFor(
    rebuilt: readonly Rebuilt[],
    from: { timeMs: number } | { sequence: number },
    until: StreamPosition,
  ): Promise<void> {
    const { log, lane, logger, deliver, stopping } = this.deps;
    // Sets of one rule may begin with different versions of it.
    const byRule = new Map<RuleVersions, Map<string, string>>();
    for (const { request, rule, attempt } of rebuilt) {
      const attempts = byRule.get(rule) ?? new Map<string, string>();
      byRule.set(rule, attempts.set(request.setId, attempt));
    }
    const startedMs = performance.now();
    const clientId = rebuilt[0]?.request.clientId ?? '';
    const isOver = (): boolean =>
      rebuilt.every(({ request }) => this.asked.get(clientId)?.get(request.setId) !== request);
    const outstanding = new Outstanding();
    for await (const message of reread({ log, lane, clientId, from, until, stopping })) {
      if (isOver()) break;
      for (const [rule, attempts] of byRule) {
        const isWhole = rebuilt[0]?.request.afterSequence === null;
        const version = versionAt(rule, message.storedAtMs) ?? (isWhole ? undefined : rule.versions[0]);
        if (version === undefined) continue;
        lane.deliverAgain(message, lane.router.routeForRecovery(message, version, attempts), () => outstanding.open());
      }
    }
    await outstanding.allSettled(stopping);
    for (const {
      request: { setId, requestId },
      entry,
      rule,
      attempt,
    } of rebuilt) {
      await deliver(setId, {
        kind: 'recovery',
        message: { setId, requestId, attempt, phase: 'end', rule: entry.stored },
      });
      logger.warn(
        { clientId, workflowId: setId, ms: Math.round(performance.now() - startedMs), isComplete: rule.isComplete },
        'the events of the partition set are delivered again',
      );
    }
  }

  /** By set id: what the alert stream has. Reads the alerts of a rule once for all its sets. */
  private async publishedAlerts(
    clientId: string,
    requests: readonly RecoveryRequest[],
  ): Promise<Map<string, PublishedOfSet>> {
    const published = new Map<string, PublishedOfSet>();
    // A set that only lacks events knows what it has published.
    const lost = requests.filter(({ reason }) => !KNOWS.includes(reason)).map(({ setId }) => setId);
    for (const place of new Set(lost.map(ruleOfPartitionSet))) {
      const setIds = new Set(lost.filter((setId) => ruleOfPartitionSet(setId) === place));
      for (const [setId, ofSet] of await this.deps.alerts.publishedOf(clientId, ruleIdOf(place), setIds))
        published.set(setId, ofSet);
    }
    return published;
  }
}

const KNOWS: readonly RecoveryReason[] = ['inboxOverflow', 'ruleChanged'];

const TOO_MANY =
  'the alert stream has too many alerts of the partition set to compare it with them; what it publishes differently is not corrected';

type VersionsOf = (entry: IndexedRule, fromVersion: number | undefined) => Promise<RuleVersions>;

/** Memoizes `read` by rule, and what follows from it by the version to begin with. */
function once(read: (entry: IndexedRule) => Promise<RuleVersions>): VersionsOf {
  const known = new Map<IndexedRule, Map<number | undefined, Promise<RuleVersions>>>();
  const versionsOf: VersionsOf = (entry, fromVersion) => {
    const ofRule = known.get(entry) ?? new Map<number | undefined, Promise<RuleVersions>>();
    known.set(entry, ofRule);
    const versions =
      ofRule.get(fromVersion) ??
      (fromVersion === undefined
        ? read(entry)
        : versionsOf(entry, undefined).then((all) => versionsFrom(all, fromVersion)));
    ofRule.set(fromVersion, versions);
    return versions;
  };
  return versionsOf;
}

/** For a set that only lacks its newest events. */
const currentVersion = (entry: IndexedRule): RuleVersions => ({
  versions: [entry],
  isComplete: true,
  stream: { first: 0, firstAtMs: 0 },
});

const ruleIdOf = (setId: string): string => ruleOfPartitionSet(setId).split('/')[2] ?? '';

const isEach = ({ stored: { rule } }: IndexedRule): boolean =>
  rule.evaluate.type === 'each' || rule.evaluate.type === 'sequence';

/** When the set starts, epoch ms; null: with its first event, because its group is not an expected one. */
function startOf({ stored, rule }: IndexedRule, setId: string, stream: RuleVersions['stream']): number | null {
  const isThere = groupsAtStart(stored.rule).some((group) => rule.ids.of(group) === setId);
  return isThere ? beginsAt(stored, stream) : null;
}
