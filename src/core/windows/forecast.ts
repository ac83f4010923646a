/** The part of a window that a forecast reads: samples `from` … `to` − 1 are inside. Times in epoch ms. */
export interface SampledWindow {
  from: number;
  to: number;
  count: number;
  nowMs: number;
  /** Changes when samples were inserted out of order. */
  version: number;
  /** When the next sample ahead of the clock enters, or Infinity. */
  nextEntry: number;
  /** When a sample leaves, epoch ms. */
  leavesAt(place: number): number;
}

/** Distance of a calculation's value from an operand, and how it changes as the oldest samples leave. */
export interface Distance<W extends SampledWindow> {
  /** Positive if the value is above the operand: value − operand, or a multiple of it. */
  above: (window: W, compared: number) => number;
  /** The part of it that leaves with the oldest sample, at `place`. */
  goes: (window: W, place: number, compared: number) => number;
}

/** Samples to look ahead: about as many events share the cost of one look. */
const SAMPLES_AHEAD = 64;
/** Fraction of the distance that leaving samples may consume; the rest is for new samples. */
const PART_TO_USE_UP = 0.5;
/** Relative to the summed numbers: far above all accumulated rounding errors. */
const ROUNDING = 2 ** -40;
/** Below this, rounding errors are not proportional. */
const TINY = 1e-300;

/** The nearest operand on one side of the value. */
interface Bound {
  compared: number;
  /** 1: the value is above, −1: below. */
  side: 1 | -1;
  /** The most that the distance can lose while the examined samples leave. */
  mayLose: number;
}

/**
 * Until when the result of a comparison certainly stays the same, whichever samples leave the window, so that nobody
 * has to check each one. New samples are checked as they arrive: the forecast is valid while the distance exceeds
 * everything that may be lost. The returned time may be too early, never too late.
 */
export class Forecast<W extends SampledWindow> {
  private until = -Infinity;
  /** An event from this time on renews the forecast, so that a partition with regular events needs no timer. */
  private renewAt = -Infinity;
  private version = -1;
  private bounds: Bound[] = [];

  moment(window: W, course: Distance<W>, value: number, compared: readonly number[]): number {
    if (window.count === 0) return window.nextEntry;
    if (!this.isValid(window, course)) this.look(window, course, value, compared);
    return Math.min(this.until, window.nextEntry);
  }

  private isValid(window: W, course: Distance<W>): boolean {
    if (window.nowMs >= this.renewAt || window.version !== this.version) return false;
    for (const bound of this.bounds) {
      const distance = course.above(window, bound.compared) * bound.side;
      if (!(distance > bound.mayLose + roundingOf(distance, bound.compared * window.count))) return false;
    }
    return true;
  }

  private look(window: W, course: Distance<W>, value: number, compared: readonly number[]): void {
    const { from, to } = window;
    this.version = window.version;
    this.bounds = boundsOf(value, compared);
    let place = Math.min(from + SAMPLES_AHEAD, to - 1);
    // A value equal to an operand may change with the next sample.
    if (compared.includes(value)) place = from;
    for (const bound of this.bounds) place = Math.min(place, lookAlong(window, course, bound, place));
    this.until = window.leavesAt(place);
    this.renewAt = window.leavesAt(place - ((place - from) >> 2));
  }
}

/** The nearest operand on either side. */
function boundsOf(value: number, compared: readonly number[]): Bound[] {
  const below = compared.findLast((number) => number < value);
  const above = compared.find((number) => number > value);
  return [
    ...(below === undefined ? [] : [{ compared: below, side: 1 as const, mayLose: 0 }]),
    ...(above === undefined ? [] : [{ compared: above, side: -1 as const, mayLose: 0 }]),
  ];
}

/** The sample, at most `last`, until which all may leave. Records the largest loss over any stretch on the way. */
function lookAlong<W extends SampledWindow>(window: W, course: Distance<W>, bound: Bound, last: number): number {
  const { compared, side } = bound;
  const distance = course.above(window, compared) * side;
  const mayUseUp = distance * PART_TO_USE_UP - roundingOf(distance, compared * window.count);
  let lost = 0;
  let rounding = 0;
  for (let place = window.from; place < last; place++) {
    const goes = course.goes(window, place, compared) * side;
    lost = Math.max(0, lost + goes);
    rounding += roundingOf(goes, compared);
    const mayLose = Math.max(bound.mayLose, lost + rounding);
    if (!(mayLose <= mayUseUp)) return place;
    bound.mayLose = mayLose;
  }
  return last;
}

const roundingOf = (difference: number, number: number): number =>
  (Math.abs(difference) + 2 * Math.abs(number)) * ROUNDING + TINY;
