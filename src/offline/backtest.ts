import type { AlertData } from '../core/model/alert.ts';
import { VigilError } from '../core/primitives/errors.ts';
import type { VigilEvent } from '../core/model/event.ts';
import type { Rule } from '../core/model/rule-schema.ts';
import { Player, storedAt } from './player.ts';

export interface BacktestOptions {
  rules: readonly Rule[];
  /** Where it ends, epoch ms: what arrives later is not played. Without it the last event is the end. */
  untilMs: number | undefined;
  onAlert: (alert: AlertData) => void;
  /** A line or a message that is no event; the backtest goes on. */
  onUnusable: (sequence: number, message: string) => void;
}

/** Plays a recording through the rules. The rules begin with its first event. */
export class Backtest {
  /** Events that were played. */
  events = 0;
  unusable = 0;
  /** Arrival of the first and of the latest event, epoch ms. */
  firstMs = NaN;
  clockMs = -Infinity;
  private player: Player | undefined;
  private readonly options: BacktestOptions;

  constructor(options: BacktestOptions) {
    this.options = options;
  }

  /**
   * Takes the next event: `read` makes it, given the clock, or throws a VigilError. False: it comes after the end, and so
   * does all that follows.
   */
  take(sequence: number, read: (clockMs: number) => VigilEvent): boolean {
    const { rules, untilMs = Infinity, onAlert, onUnusable } = this.options;
    let event: VigilEvent;
    try {
      event = read(this.clockMs);
    } catch (error) {
      if (!(error instanceof VigilError)) throw error;
      this.unusable += 1;
      onUnusable(sequence, error.message);
      return true;
    }
    if (event.storedAtMs > untilMs) return false;
    if (this.player === undefined) {
      this.firstMs = event.storedAtMs;
      this.player = new Player(storedAt(this.firstMs, rules), ({ data }) => onAlert(data));
    }
    this.clockMs = Math.max(this.clockMs, event.storedAtMs);
    this.events += 1;
    this.player.play(event);
    return true;
  }

  /** Runs the clock to the end. */
  finish(): void {
    this.player?.finish(this.endMs);
  }

  /** Where the clock stands at the end, epoch ms. */
  get endMs(): number {
    return this.options.untilMs ?? this.clockMs;
  }
}
