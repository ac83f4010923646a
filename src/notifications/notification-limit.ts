const MINUTE_MS = 60_000;

/** Notifications of a client that a receiver did not get. Times are epoch ms. */
export interface HeldBack {
  clientId: string;
  count: number;
  quota: number;
  fromMs: number;
  untilMs: number;
}

/** Limits what one receiver gets of each client in a minute, by the clock of this process. */
export class NotificationLimit {
  private minuteMs = 0;
  private sent = new Map<string, number>();
  /** Of each client, what the next notice says. */
  private readonly held = new Map<string, HeldBack>();
  /** The notice that is on its way: one at a time for each client, the rest adds up. */
  private readonly noticing = new Map<string, HeldBack>();

  /** Counts a notification, `nowMs`: epoch ms. Null: it may go out; else it is held back, `count` so far. */
  take(clientId: string, quota: number | null, nowMs: number): HeldBack | null {
    const minuteMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    if (minuteMs !== this.minuteMs) this.sent = new Map();
    this.minuteMs = minuteMs;
    const sent = this.sent.get(clientId) ?? 0;
    if (quota === null || sent < quota) {
      this.sent.set(clientId, sent + 1);
      return null;
    }
    const held = this.held.get(clientId) ?? { clientId, count: 0, quota, fromMs: minuteMs, untilMs: minuteMs };
    const more = { ...held, count: held.count + 1, quota, untilMs: minuteMs + MINUTE_MS };
    this.held.set(clientId, more);
    return more;
  }

  /** The notices to send: of minutes that are over, and those that could not be sent before. */
  due(nowMs: number): HeldBack[] {
    for (const [clientId, held] of this.held) {
      if (held.untilMs > nowMs || this.noticing.has(clientId)) continue;
      this.noticing.set(clientId, held);
      this.held.delete(clientId);
    }
    return [...this.noticing.values()];
  }

  noticed({ clientId }: HeldBack): void {
    this.noticing.delete(clientId);
  }
}
