import { exactSum, ExactSum } from './exact-sum.ts';
import { Extreme } from './extreme.ts';
import type { Reached } from './limit-report.ts';
import { LIMITS } from './limits.ts';
import type { Outlook } from './outlook.ts';
import { insertInOrder, type Sample } from './sample.ts';
import { differ, numberOf } from './window-values.ts';
import { addToSlices, condense, dropSlices, leave, type WindowState } from './window.ts';

/** Samples that have left are dropped so many at a time: each by itself would move all others. */
const DROPPED_AT_ONCE = 32;

/**
 * A window at work: its JSON state, and what is derived from it so that an event costs no walk over the samples. What is asked
 * of it (a sum, a minimum…) is worked out once, and kept up to date from then on as samples come and go.
 */
export class LiveWindow {
  readonly state: WindowState;
  readonly withinMs: number;
  nowMs = -Infinity;
  /** Of the samples, the first that is in the window, and the first that is ahead of the clock. */
  from = 0;
  to = 0;
  /** Grows when a sample has come that is not the newest: what was known of the order is not so any more. */
  version = 0;
  /** What is known of the time to come, for each leaf that asks. */
  readonly outlooks: (Outlook | undefined)[] = [];
  private total: ExactSum | null = null;
  private changed: number | null = null;
  private least: Extreme | null = null;
  private greatest: Extreme | null = null;

  constructor(state: WindowState, withinMs: number) {
    this.state = state;
    this.withinMs = withinMs;
  }

  get isSummarised(): boolean {
    return this.state.slices.length > 0;
  }

  add(sample: Sample, nowMs: number, reached: Reached): void {
    const { state, withinMs } = this;
    // Summarising does not begin before samples have left.
    this.moveTo(nowMs);
    if (sample[0] <= nowMs - withinMs) {
      leave(state, sample);
      this.changed = null;
      this.version += 1;
    } else if (this.isSummarised) addToSlices(state, sample);
    else {
      this.insert(sample);
      if (state.samples.length - this.from <= LIMITS.windowSamples) return;
      condense(state, LIMITS.windowSlices, withinMs, nowMs);
      this.forget();
      reached('windowSamples');
    }
  }

  /** Takes in what the clock has come to, and lets go what has left. The clock never runs back. */
  moveTo(nowMs: number): void {
    if (nowMs === this.nowMs) return;
    this.nowMs = nowMs;
    const { state } = this;
    const { samples } = state;
    const start = nowMs - this.withinMs;
    while (this.to < samples.length && (samples[this.to] as Sample)[0] <= nowMs) this.enter(this.to);
    while (this.from < this.to && (samples[this.from] as Sample)[0] <= start) this.drop();
    if (this.from >= DROPPED_AT_ONCE || (this.from > 0 && this.from === samples.length)) {
      samples.splice(0, this.from);
      this.to -= this.from;
      this.from = 0;
    }
    if (this.isSummarised) dropSlices(state, start);
  }

  get count(): number {
    return this.to - this.from;
  }

  get sum(): number {
    const { from, to, state } = this;
    if (this.total === null) {
      this.total = new ExactSum();
      for (let place = from; place < to; place++) this.total.add(this.number(place));
    }
    if (this.total.isFinite) return this.total.value;
    this.total = null;
    return exactSum(state.samples.slice(from, to).map(numberOf));
  }

  get min(): Extreme {
    return (this.least ??= this.extreme(-1));
  }

  get max(): Extreme {
    return (this.greatest ??= this.extreme(1));
  }

  /** How often the value changed; the first neighbour is the newest value that has left. */
  get changes(): number {
    if (this.changed === null) {
      this.changed = 0;
      for (let place = this.from; place < this.to; place++) this.changed += this.changeAt(place);
    }
    return this.changed;
  }

  /** 1 where a value is another than the one before it. */
  changeAt(place: number): number {
    const before = place === this.from ? this.state.before : (this.state.samples[place - 1] as Sample);
    return differ(before, this.state.samples[place] as Sample) ? 1 : 0;
  }

  number(place: number): number {
    return numberOf(this.state.samples[place] as Sample);
  }

  /** When a sample leaves the window. */
  leavesAt(place: number): number {
    return (this.state.samples[place] as Sample)[0] + this.withinMs;
  }

  /** When the next one that is ahead of the clock enters, or Infinity. */
  get nextEntry(): number {
    return this.state.samples[this.to]?.[0] ?? Infinity;
  }

  private insert(sample: Sample): void {
    const { samples } = this.state;
    if (samples.length === 0) this.state.width = 0;
    const place = insertInOrder(samples, sample);
    if (sample[0] > this.nowMs) return;
    if (place === this.to) return this.enter(place);
    this.to += 1;
    this.version += 1;
    this.total?.add(numberOf(sample));
    this.changed = this.least = this.greatest = null;
  }

  private enter(place: number): void {
    const sample = this.state.samples[place] as Sample;
    this.to = place + 1;
    this.total?.add(numberOf(sample));
    if (this.changed !== null) this.changed += this.changeAt(place);
    this.least?.enter(sample);
    this.greatest?.enter(sample);
  }

  private drop(): void {
    const sample = this.state.samples[this.from] as Sample;
    this.total?.add(-numberOf(sample));
    if (this.changed !== null) this.changed -= this.changeAt(this.from);
    this.least?.leave(sample);
    this.greatest?.leave(sample);
    leave(this.state, sample);
    this.from += 1;
  }

  private extreme(sign: 1 | -1): Extreme {
    const extreme = new Extreme(sign);
    for (let place = this.from; place < this.to; place++) extreme.enter(this.state.samples[place] as Sample);
    return extreme;
  }

  private forget(): void {
    this.from = this.to = 0;
    this.version += 1;
    this.total = this.changed = this.least = this.greatest = null;
  }
}
