import { backfillMs, takesFrom } from '../../core/model/stored-rule/backfill.ts';
import { isoTime } from '../../core/primitives/text/iso-time.ts';
import type { Log } from '../../observability/log.ts';
import { mustWait } from '../../core/model/stored-rule/rule-pause.ts';
import type { IndexedRule } from '../../core/matching/rule-index.ts';
import type { Lane } from '../routing/lane.ts';
import type { EventLogPort } from '../ports.ts';
import { Outstanding } from '../delivery/outstanding.ts';
import type { DeliveryFields } from '../delivery/retry.ts';
import { reread } from '../reading/reread.ts';
import type { Learned, Reconciler } from './reconciler.ts';
import type { BackfillCheckpoint } from './backfill-checkpoint.ts';
import type { StreamPosition } from '../reading/stream-position.ts';

export interface RuleBackfillDeps {
  reconciler: Reconciler;
  lane: Lane;
  log: EventLogPort;
  done: BackfillCheckpoint;
  logger: Log;
  /** Retries until it succeeds; rejects only when the lane is released. */
  persist: (work: () => Promise<void>, fields: DeliveryFields) => Promise<void>;
  stopping: AbortSignal;
}

/**
 * Applies rule changes in a lane, one at a time per client. A rule gets every event stored after its acknowledgement:
 * events that the lane has already processed are read again for that rule alone, while the lane holds back the client's
 * newer ones.
 */
export class RuleBackfill {
  private readonly tails = new Map<string, Promise<void>>();
  private readonly deps: RuleBackfillDeps;

  constructor(deps: RuleBackfillDeps) {
    this.deps = deps;
  }

  /** Call it in the same turn of the event loop as `learnChange`. Rejects only when the lane is released. */
  async apply(clientId: string, learned: Learned): Promise<void> {
    const { reconciler, done, persist } = this.deps;
    const { change, entry, missingFromMs } = learned;
    done.begin(change.version);
    await this.inTurn(clientId, async (until) => {
      await persist(() => reconciler.apply(learned), { work: 'rule backfill', clientId });
      if (missingFromMs !== null && entry !== undefined)
        await persist(() => this.readGap(entry, missingFromMs, until), { work: 'rule backfill', clientId });
      done.end(change.version);
    });
  }

  /** Runs work on a client's sets while its events after `until` are held back. One at a time per client. */
  async inTurn(clientId: string, work: (until: StreamPosition) => Promise<void>): Promise<void> {
    const { lane } = this.deps;
    const until = lane.passed();
    const before = this.tails.get(clientId) ?? Promise.resolve();
    const turn = lane.whileRulesChange(clientId, async () => {
      await before;
      await work(until);
    });
    this.tails.set(clientId, turn);
    await turn;
    if (this.tails.get(clientId) === turn) this.tails.delete(clientId);
  }

  /** Reads the events that a rule lacks: those stored from `fromMs` (epoch ms) on, up to `until`. */
  async readGap(entry: IndexedRule, fromMs: number, until: StreamPosition): Promise<void> {
    const { log, lane, stopping } = this.deps;
    const { storedAtMs, rule, resumed } = entry.stored;
    const { clientId } = rule;
    if (until.storedAtMs < fromMs || mustWait(entry.stored, fromMs)) return;
    if (fromMs <= takesFrom(entry.stored)) await this.tellOfBackfill(entry);
    // Of a resumed rule, events before its pause may still wait in a parked tenant: later ones must not overtake them.
    const floor = lane.floorOf(clientId);
    const isBehind = fromMs === resumed?.fromMs && fromMs < storedAtMs && floor.storedAtMs < fromMs;
    const from = isBehind ? { sequence: floor.sequence + 1 } : { timeMs: fromMs };
    const outstanding = new Outstanding();
    for await (const message of reread({
      log,
      lane,
      clientId,
      from,
      until,
      stopping,
    })) {
      lane.deliverAgain(message, lane.router.routeForRule(message, entry), () => outstanding.open());
    }
    await outstanding.allSettled(stopping);
  }

  private async tellOfBackfill({ stored: { rule, storedAtMs } }: IndexedRule): Promise<void> {
    const { backfill, clientId, id: ruleId } = rule;
    if (backfill === undefined) return;
    const { log, logger } = this.deps;
    const { first, firstAtMs } = await log.extent();
    logger.info({ clientId, ruleId, backfill }, 'the rule begins with earlier events of the stream');
    if (first > 1 && firstAtMs > storedAtMs - backfillMs(rule))
      logger.warn(
        { clientId, ruleId, backfill, streamFrom: isoTime(firstAtMs) },
        'the stream does not reach back as far as the backfill of the rule: it begins with what there is',
      );
  }
}
