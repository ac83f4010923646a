import { addProduct } from '../primitives/numbers/exact-product.ts';
import { exactSum, ExactSum } from '../primitives/numbers/exact-sum.ts';
import type { Sample, WindowState } from '../model/partition-set/window-state.ts';
import { Extreme } from './extreme.ts';
import { keyOfValue } from './window-content.ts';

/** The samples of a window: they have the places from `from` on, up to but not including `to`. */
interface Samples {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly state: WindowState;
  number(place: number): number;
  timeOf(place: number): number;
  changeAt(place: number): number;
  riseAt(place: number): number;
  hasNeighbour(place: number): boolean;
}

/**
 * Calculations over a window that follow its samples in and out, each from its first use on: few windows need more than
 * a count or a sum. A sample out of order ends most of them until their next use.
 */
export class RunningCalculations {
  private readonly window: Samples;
  private changed: number | null = null;
  private risen: ExactSum | null = null;
  private weighted: ExactSum | null = null;
  /** How many samples have each value. */
  private values: Map<unknown, number> | null = null;
  private least: Extreme | null = null;
  private greatest: Extreme | null = null;

  constructor(window: Samples) {
    this.window = window;
  }

  /** Number of value changes; the first neighbour is the newest value that has left. */
  get changes(): number {
    const { window } = this;
    if (this.changed === null) {
      this.changed = 0;
      for (let place = window.from; place < window.to; place++) this.changed += window.changeAt(place);
    }
    return this.changed;
  }

  /** Number of different values. */
  get distinct(): number {
    const { window } = this;
    if (this.values === null) {
      this.values = new Map();
      for (let place = window.from; place < window.to; place++) this.countValue(place, 1);
    }
    return this.values.size;
  }

  /** Sum of the rises of a counter; the first value is the newest that has left. Undefined without two values. */
  get increase(): number | undefined {
    const { window } = this;
    const { from, to, count } = window;
    if (count === 0 || (count === 1 && !window.hasNeighbour(from))) return undefined;
    if (this.risen === null) {
      this.risen = new ExactSum();
      for (let place = from; place < to; place++) this.risen.add(window.riseAt(place));
    }
    if (this.risen.isFinite) return this.risen.value;
    this.risen = null;
    return exactSum(Array.from({ length: count }, (_, index) => window.riseAt(from + index)));
  }

  /** Sum of number × milliseconds until the next number, over all but the newest number. */
  get area(): ExactSum {
    const { window } = this;
    if (this.weighted === null) {
      this.weighted = new ExactSum();
      for (let place = window.from; place < window.to - 1; place++) this.addArea(place, 1);
    }
    return this.weighted;
  }

  get min(): Extreme {
    return (this.least ??= this.extreme(-1));
  }

  get max(): Extreme {
    return (this.greatest ??= this.extreme(1));
  }

  /** The newest sample of the window has entered. */
  enter(place: number): void {
    const { window } = this;
    if (this.changed !== null) this.changed += window.changeAt(place);
    this.risen?.add(window.riseAt(place));
    if (this.weighted !== null && place > window.from) this.addArea(place - 1, 1);
    if (this.values !== null) this.countValue(place, 1);
    this.least?.enter(sampleAt(window, place));
    this.greatest?.enter(sampleAt(window, place));
  }

  /** The oldest sample of the window leaves. */
  leave(place: number): void {
    const { window } = this;
    if (this.changed !== null) this.changed -= window.changeAt(place);
    this.risen?.add(-window.riseAt(place));
    if (this.weighted !== null && place + 1 < window.to) this.addArea(place, -1);
    if (this.values !== null) this.countValue(place, -1);
    this.least?.leave(sampleAt(window, place));
    this.greatest?.leave(sampleAt(window, place));
  }

  /** A sample has entered between others. */
  enterBetween(place: number): void {
    if (this.values !== null) this.countValue(place, 1);
    this.weighted = this.least = this.greatest = null;
    this.forgetNeighbours();
  }

  /** What compares neighbours: the newest sample that has left is another one. */
  forgetNeighbours(): void {
    this.changed = this.risen = null;
  }

  private countValue(place: number, by: 1 | -1): void {
    const key = keyOfValue(sampleAt(this.window, place));
    const count = (this.values?.get(key) ?? 0) + by;
    if (count === 0) this.values?.delete(key);
    else this.values?.set(key, count);
  }

  private addArea(place: number, sign: 1 | -1): void {
    const { window, weighted } = this;
    if (weighted === null) return;
    addProduct(weighted, sign * window.number(place), window.timeOf(place + 1) - window.timeOf(place));
  }

  private extreme(sign: 1 | -1): Extreme {
    const extreme = new Extreme(sign);
    for (let place = this.window.from; place < this.window.to; place++) extreme.enter(sampleAt(this.window, place));
    return extreme;
  }
}

const sampleAt = ({ state }: Samples, place: number): Sample => state.samples[place] as Sample;
