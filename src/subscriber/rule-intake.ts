import type { RuleChange } from '../core/stored-rule.ts';
import type { Entry } from '../core/routing.ts';
import type { FloorKeeper } from './floor-keeper.ts';
import type { EventLogPort } from './ports.ts';
import type { Router } from './router.ts';
import type { RuleDesk } from './rule-desk.ts';

export interface RuleIntakeDeps {
  desk: RuleDesk;
  router: Router;
  log: EventLogPort;
  keeper: FloorKeeper;
  /** Tries until it succeeds; rejects only when the subscriber stops. */
  persist: (work: () => Promise<void>) => Promise<void>;
  /** The newest message that was routed. */
  routed: () => { sequence: number; storedAtMs: number };
}

/**
 * Brings changes of rules into the lane, one after the other. A rule sees every event stored after its acknowledgement:
 * where the lane has passed such events already, they are read again for that rule alone, while the lane waits.
 */
export class RuleIntake {
  private tail: Promise<void> = Promise.resolve();
  private waiting = 0;
  private readonly deps: RuleIntakeDeps;

  constructor(deps: RuleIntakeDeps) {
    this.deps = deps;
  }

  /** Undefined when no change is under way: the lane need not wait. */
  underWay(): Promise<void> | undefined {
    return this.waiting > 0 ? this.tail : undefined;
  }

  /** Rejects only when the subscriber stops. */
  take(change: RuleChange): Promise<void> {
    const { desk, keeper, persist } = this.deps;
    const learned = desk.learn(change);
    const { entry, takesMore } = learned;
    this.waiting += 1;
    this.tail = this.tail.then(async () => {
      await persist(() => desk.apply(learned));
      if (takesMore && entry !== undefined) await persist(() => this.readGap(entry));
      keeper.ruleDone(change.version);
    });
    const done = this.tail.finally(() => {
      this.waiting -= 1;
    });
    return done;
  }

  /** What was stored since the rule was acknowledged, up to where the lane is. */
  async readGap(entry: Entry): Promise<void> {
    const { log, router, routed } = this.deps;
    const until = routed();
    if (until.storedAtMs < entry.stored.storedAtMs) return;
    const reading = await log.read({ timeMs: entry.stored.storedAtMs, clientId: entry.stored.rule.clientId });
    const { pending } = await reading.position();
    const taken: Promise<void>[] = [];
    if (pending > 0) {
      for await (const message of reading) {
        if (message.sequence <= until.sequence) taken.push(router.routeAgain(message, entry));
        if (message.sequence >= until.sequence || message.left === 0) break;
      }
    }
    await Promise.all(taken);
    await reading.stop();
  }
}
