import type { Entry } from '../core/routing.ts';
import type { Lane } from './lane.ts';
import type { EventLogPort } from './ports.ts';
import type { Learned, RuleDesk } from './rule-desk.ts';
import type { RulesDone } from './rules-done.ts';
import type { StreamMark } from './stream-mark.ts';

export interface RuleIntakeDeps {
  desk: RuleDesk;
  lane: Lane;
  log: EventLogPort;
  done: RulesDone;
  /** Tries until it succeeds; rejects only when the lane is given up. */
  persist: (work: () => Promise<void>) => Promise<void>;
}

/**
 * Brings changes of rules into a lane, those of one client one after the other. A rule sees every event stored after its
 * acknowledgement: where the lane has passed such events already, they are read again for that rule alone, while the lane
 * keeps the client's newer ones back.
 */
export class RuleIntake {
  private readonly tails = new Map<string, Promise<void>>();
  private readonly deps: RuleIntakeDeps;

  constructor(deps: RuleIntakeDeps) {
    this.deps = deps;
  }

  /** To be called in the very turn in which the index has learned of the change. Rejects only when the lane is given up. */
  async take(clientId: string, learned: Learned): Promise<void> {
    const { desk, lane, done, persist } = this.deps;
    const { change, entry, takesMore } = learned;
    const until = lane.passed();
    const before = this.tails.get(clientId) ?? Promise.resolve();
    done.begin(change.version);
    const work = lane.whileRulesChange(clientId, async () => {
      await before;
      await persist(() => desk.apply(learned));
      if (takesMore && entry !== undefined) await persist(() => this.readGap(entry, until));
      done.end(change.version);
    });
    this.tails.set(clientId, work);
    await work;
    if (this.tails.get(clientId) === work) this.tails.delete(clientId);
  }

  /** What was stored since the rule was acknowledged, up to where the lane was. */
  async readGap(entry: Entry, until: StreamMark): Promise<void> {
    const { log, lane } = this.deps;
    if (until.storedAtMs < entry.stored.storedAtMs) return;
    const reading = await log.read({ timeMs: entry.stored.storedAtMs, clientId: entry.stored.rule.clientId });
    try {
      const { count, pending } = await reading.position();
      if (count + pending === 0) return;
      const taken: Promise<void>[] = [];
      for await (const messages of reading) {
        for (const message of messages) if (message.sequence <= until.sequence) taken.push(lane.router.routeAgain(message, entry));
        const newest = messages.at(-1);
        if (newest === undefined || newest.sequence >= until.sequence || newest.left === 0) break;
      }
      await Promise.all(taken);
    } finally {
      await reading.stop();
    }
  }
}
