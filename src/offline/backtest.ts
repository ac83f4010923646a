import type { AlertData } from '../core/model/alert/alert.ts';
import { VigilError } from '../core/primitives/errors.ts';
import type { VigilEvent } from '../core/model/event/event.ts';
import type { Rule } from '../core/model/rule/rule-schema.ts';
import { Player, storedAt } from './player.ts';

export interface BacktestOptions {
  rules: readonly Rule[];
  /** When the rules start, epoch ms: earlier arrivals are not played. Default: with the first event. */
  fromMs?: number | undefined;
  /** Where the backtest ends, epoch ms: later arrivals are not played. Default: at the last event. */
  untilMs: number | undefined;
  onAlert: (alert: AlertData) => void;
  /** Called for a line or message that is not a valid event; the backtest continues. */
  onUnusable: (sequence: number, message: string) => void;
}

/** Plays a recording through the rules. */
export class Backtest {
  /** Events played. */
  events = 0;
  unusable = 0;
  /** When the rules started, and the arrival of the latest event, epoch ms. */
  firstMs = NaN;
  clockMs = -Infinity;
  private player: Player | undefined;
  private readonly options: BacktestOptions;

  constructor(options: BacktestOptions) {
    this.options = options;
    if (options.fromMs !== undefined) this.open(options.fromMs);
  }

  /**
   * Plays the next event. `read` creates it from the current clock (epoch ms), or throws a VigilError. Returns false if
   * the event and all later ones are after the end.
   */
  apply(sequence: number, read: (clockMs: number) => VigilEvent): boolean {
    const { fromMs = -Infinity, untilMs = Infinity, onUnusable } = this.options;
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
    this.clockMs = Math.max(this.clockMs, event.storedAtMs);
    if (event.storedAtMs < fromMs) return true;
    this.player ??= this.open(event.storedAtMs);
    this.events += 1;
    this.player.play(event);
    return true;
  }

  /** Starts the rules. */
  private open(atMs: number): Player {
    const { rules, onAlert } = this.options;
    this.firstMs = atMs;
    this.player = new Player(storedAt(atMs, rules), ({ data }) => onAlert(data));
    return this.player;
  }

  /** Advances the clock to the end. */
  finish(): void {
    this.player?.finish(this.endMs);
  }

  /** The clock at the end, epoch ms. */
  get endMs(): number {
    return this.options.untilMs ?? Math.max(this.clockMs, this.options.fromMs ?? -Infinity);
  }
}
