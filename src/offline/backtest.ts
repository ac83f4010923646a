import type { AlertData } from '../core/model/alert.ts';
import { VigilError } from '../core/primitives/errors.ts';
import type { VigilEvent } from '../core/model/event.ts';
import type { Rule } from '../core/model/rule-schema.ts';
import { Player, storedAt } from './player.ts';

export interface BacktestOptions {
  rules: readonly Rule[];
  /** Where the backtest ends, epoch ms: later arrivals are not played. Default: at the last event. */
  untilMs: number | undefined;
  onAlert: (alert: AlertData) => void;
  /** Called for a line or message that is not a valid event; the backtest continues. */
  onUnusable: (sequence: number, message: string) => void;
}

/** Plays a recording through the rules. The rules start with its first event. */
export class Backtest {
  /** Events played. */
  events = 0;
  unusable = 0;
  /** Arrival of the first and the latest event, epoch ms. */
  firstMs = NaN;
  clockMs = -Infinity;
  private player: Player | undefined;
  private readonly options: BacktestOptions;

  constructor(options: BacktestOptions) {
    this.options = options;
  }

  /**
   * Plays the next event. `read` creates it from the current clock (epoch ms), or throws a VigilError. Returns false if
   * the event and all later ones are after the end.
   */
  apply(sequence: number, read: (clockMs: number) => VigilEvent): boolean {
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

  /** Advances the clock to the end. */
  finish(): void {
    this.player?.finish(this.endMs);
  }

  /** The clock at the end, epoch ms. */
  get endMs(): number {
    return this.options.untilMs ?? this.clockMs;
  }
}
