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
  /** Tries until it succeeds; rejects only when the lane is given up. */
  persist: (work: () => Promise<void>, fields: DeliveryFields) => Promise<void>;
  stopping: AbortSignal;
}

/**
 * Brings changes of rules into a lane, those of one client one after the other. A rule sees every event stored after its
 * acknowledgement: where the lane has passed such events already, they are read again for that rule alone, while the lane
 * keeps the client's newer ones back.
 */
export class RuleBackfill {
  private readonly tails = new Map<string, Promise<void>>();
  private readonly deps: RuleBackfillDeps;

  constructor(deps: RuleBackfillDeps) {
    this.deps = deps;
  }

  /** To be called in the very turn in which the index has learned of the change. Rejects only when the lane is given up. */
  async apply(clientId: string, learned: Learned): Promise<void> {
    const { reconciler, done, persist } = this.deps;
    const { change, entry, takesMore } = learned;
    done.begin(change.version);
    await this.inTurn(clientId, async (until) => {
      await persist(() => reconciler.apply(learned), { work: 'rule backfill', clientId });
      if (takesMore && entry !== undefined)
        await persist(() => this.readGap(entry, until), { work: 'rule backfill', clientId });
      done.end(change.version);
    });
  }

  /** Works on a client's sets while its newer events are kept back: those behind `until`. One piece of work after the other. */
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

  /** What was stored since the rule was acknowledged, up to where the lane was. */
  async readGap(entry: IndexedRule, until: StreamPosition): Promise<void> {
    const { log, lane, stopping } = this.deps;
    const { storedAtMs, rule } = entry.stored;
    if (until.storedAtMs < storedAtMs) return;
    const outstanding = new Outstanding();
    for await (const message of reread({
      log,
      lane,
      clientId: rule.clientId,
      from: { timeMs: storedAtMs },
      until,
      stopping,
    })) {
      lane.deliverAgain(message, lane.router.routeForRule(message, entry), () => outstanding.open());
    }
    await outstanding.allSettled(stopping);
  }
}
