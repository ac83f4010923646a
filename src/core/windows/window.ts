import { exactSum, ExactSum } from '../primitives/numbers/exact-sum.ts';
import { LIMITS } from '../primitives/limits.ts';
import type { Forecast } from './forecast.ts';
import { withoutRepeats } from './repeats.ts';
import { RunningCalculations } from './running-calculations.ts';
import { insertInOrder, isAfter, putAt, rise } from './sample.ts';
import type { Accumulator, Sample, WindowState } from '../model/partition-set/window-state.ts';
import { contentOf, countOf, differ, numberOf, isNumeric } from './window-content.ts';
import { addToSlices, condense, dropSlices, leave, mostSlices } from './slices.ts';

/** Samples that have left are dropped in batches: dropping each would move all others. */
const DROPPED_AT_ONCE = 32;

type WindowShape = Pick<Accumulator, 'kind' | 'withinMs' | 'scores' | 'last'>;

/**
 * A running window: its JSON state, and data derived from it so that an event never walks all samples. A calculation
 * (sum, minimum…) is computed on first use and then updated incrementally.
 */
export class SlidingWindow {
  readonly state: WindowState;
  readonly withinMs: number;
  /** Most samples in the window. */
  readonly last: number;
  nowMs = -Infinity;
  /** Index of the first sample in the window, and of the first one ahead of the clock. */
  from = 0;
  to = 0;
  /** Increases when a sample is inserted out of order, which invalidates forecasts. */
  version = 0;
  /** Forecasts, by leaf. */
  readonly forecasts: (Forecast<SlidingWindow> | undefined)[] = [];
  /** Times and numbers of the samples in flat arrays: an old sample object is far from the CPU cache when it leaves. */
  private readonly times: number[];
  private readonly numbers: number[] | null;
  private total: ExactSum | null = null;
  private calculations: RunningCalculations | null = null;
  /** Only the changes of its values matter. */
  private readonly onlyChanges: boolean;

  constructor(state: WindowState, { kind, withinMs, scores, last = Infinity }: WindowShape) {
    this.state = state;
    this.withinMs = withinMs;
    this.onlyChanges = kind === 'held' && scores !== undefined;
    this.last = last;
    this.times = state.samples.map(([timeMs]) => timeMs);
    this.numbers = isNumeric(kind) ? state.samples.map(numberOf) : null;
  }

  get isSummarised(): boolean {
    return this.state.slices.length > 0;
  }

  /** Returns whether there were too many samples to keep individually. */
  add(sample: Sample, nowMs: number): boolean {
    const { state, withinMs } = this;
    // Drop what has left before deciding whether to summarise.
    this.moveTo(nowMs);
    if (sample[0] <= nowMs - withinMs || this.isOlderThanLast(sample)) {
      leave(state, sample);
      this.calculations?.forgetNeighbours();
      this.version += 1;
    } else if (this.isSummarised) addToSlices(state, sample);
    else this.insert(sample);
    if (this.last < Infinity) return this.dropAhead();
    if (this.times.length - this.from <= LIMITS.windowSamples && state.slices.length <= mostSlices(LIMITS.windowSlices))
      return false;
    if (this.onlyChanges && this.dropRepeats()) return false;
    condense(state, LIMITS.windowSlices, withinMs, nowMs);
    this.forget();
    return true;
  }

  /**
   * Advances the clock: adds samples that are no longer ahead, and drops those that have left. The clock never runs
   * back.
   */
  moveTo(nowMs: number): void {
    if (nowMs === this.nowMs) return;
    this.nowMs = nowMs;
    const { times } = this;
    const start = nowMs - this.withinMs;
    while (this.to < times.length && (times[this.to] as number) <= nowMs) this.enter(this.to);
    while (this.from < this.to && (times[this.from] as number) <= start) this.drop();
    if (this.from >= DROPPED_AT_ONCE || (this.from > 0 && this.from === times.length)) this.sweep();
    if (this.isSummarised) dropSlices(this.state, start);
  }

  /** Number of samples, also while the window is summarised. */
  samplesAt(nowMs: number): number {
    return this.isSummarised ? countOf(contentOf(this.state, nowMs, this.withinMs)) : this.count;
  }

  get count(): number {
    return this.to - this.from;
  }

  get sum(): number {
    if (this.total === null) {
      this.total = new ExactSum();
      for (let place = this.from; place < this.to; place++) this.total.add(this.number(place));
    }
    if (this.total.isFinite) return this.total.value;
    this.total = null;
    return exactSum(this.state.samples.slice(this.from, this.to).map(numberOf));
  }

  /** More than a count or a sum. */
  get running(): RunningCalculations {
    return (this.calculations ??= new RunningCalculations(this));
  }

  /** Whether newer samples fill the window already. */
  private isOlderThanLast(sample: Sample): boolean {
    return this.count === this.last && !isAfter(sample, this.state.samples[this.from] as Sample);
  }

  /** Bounds what is ahead of the clock: drops what newer samples will push out soonest. Returns whether it did. */
  private dropAhead(): boolean {
    const { to, state, times, numbers } = this;
    if (times.length - to <= LIMITS.windowSamples) return false;
    for (const list of [state.samples, times, numbers]) list?.splice(to, 1);
    this.version += 1;
    return true;
  }

  /** The newest sample that has left: its value holds at the window's start. */
  get held(): Sample | null {
    return this.neighbour(this.from);
  }

  /** 1 if a value differs from the previous one, else 0. */
  changeAt(place: number): number {
    return differ(this.neighbour(place), this.state.samples[place] as Sample) ? 1 : 0;
  }

  /** How far a counter has risen since the previous value. */
  riseAt(place: number): number {
    const previous = this.neighbour(place);
    return previous === null ? 0 : rise(previous, this.state.samples[place] as Sample);
  }

  /** Whether there is a sample before one of the window. */
  hasNeighbour(place: number): boolean {
    return this.neighbour(place) !== null;
  }

  number(place: number): number {
    return this.numbers?.[place] ?? 0;
  }

  /** Event time of a sample, epoch ms. */
  timeOf(place: number): number {
    return this.times[place] as number;
  }

  /** When a sample leaves the window, epoch ms. */
  leavesAt(place: number): number {
    return (this.times[place] as number) + this.withinMs;
  }

  /** When the next sample ahead of the clock enters, or Infinity. */
  get nextEntry(): number {
    return this.to < this.times.length ? (this.times[this.to] as number) : Infinity;
  }

  /** The sample before one of the window, which may have left. */
  private neighbour(place: number): Sample | null {
    const { samples, before } = this.state;
    const previous = place > 0 ? (samples[place - 1] as Sample) : before;
    // The newest sample that has left may be a late one.
    const isLater = place === this.from && previous !== null && before !== null && isAfter(before, previous);
    return isLater ? before : previous;
  }

  private insert(sample: Sample): void {
    const { state, times, numbers } = this;
    state.width = 0;
    const place = insertInOrder(state.samples, sample);
    putAt(times, place, sample[0]);
    if (numbers !== null) putAt(numbers, place, numberOf(sample));
    if (sample[0] > this.nowMs) return;
    if (place === this.to) return this.enter(place);
    this.to += 1;
    this.version += 1;
    this.total?.add(this.number(place));
    this.calculations?.enterBetween(place);
    if (this.count > this.last) this.drop();
  }

  private enter(place: number): void {
    this.to = place + 1;
    this.total?.add(this.number(place));
    this.calculations?.enter(place);
    if (this.count > this.last) this.drop();
  }

  private drop(): void {
    const { from } = this;
    this.total?.add(-this.number(from));
    this.calculations?.leave(from);
    this.from = from + 1;
  }

  /** Removes samples that have left from the state. */
  private sweep(): void {
    const { from, state } = this;
    leave(state, state.samples[from - 1] as Sample);
    for (const list of [state.samples, this.times, this.numbers]) list?.splice(0, from);
    this.to -= from;
    this.from = 0;
  }

  /** Drops samples that only repeat the one before. Returns whether that made room. */
  private dropRepeats(): boolean {
    const { state, nowMs } = this;
    const kept = withoutRepeats(state.samples);
    if (kept === null) return false;
    state.samples = kept;
    this.forget();
    for (const sample of kept) this.times.push(sample[0]);
    for (const sample of kept) this.numbers?.push(numberOf(sample));
    this.nowMs = -Infinity;
    this.moveTo(nowMs);
    return true;
  }

  private forget(): void {
    this.from = this.to = this.times.length = 0;
    if (this.numbers !== null) this.numbers.length = 0;
    this.version += 1;
    this.total = this.calculations = null;
  }
}
