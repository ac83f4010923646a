/** What of a window is needed to look ahead: samples `from` … `to` − 1 are in it. Times in epoch ms. */
export interface SampledWindow {
  from: number;
  to: number;
  count: number;
  nowMs: number;
  /** Another one when samples have come in between. */
  version: number;
  /** When the next sample that is ahead of the clock enters, or Infinity. */
  nextEntry: number;
  /** When a sample leaves. */
  leavesAt(place: number): number;
}

/** How far a calculation's value is from a number that it is compared with, and what becomes of that as the oldest samples leave. */
export interface Distance<W extends SampledWindow> {
  /** Above zero where the value is above the number: value − number, or a multiple of it. */
  above: (window: W, compared: number) => number;
  /** What of that goes with the oldest sample, when it is the one at `place`. */
  goes: (window: W, place: number, compared: number) => number;
}

/** Samples to look ahead over: what a look costs is then shared by about as many events. */
const SAMPLES_AHEAD = 64;
/** Part of the distance that what leaves may use up; the rest is for what comes. */
const PART_TO_USE_UP = 0.5;
/** Of the numbers added up: far more than all rounding on the way can come to. */
const ROUNDING = 2 ** -40;
/** Below it rounding is not in proportion. */
const TINY = 1e-300;

/** One number that the value is compared with, seen from the value: on that side nothing is near. */
interface Bound {
  compared: number;
  /** 1: the value is above, −1: below. */
  side: 1 | -1;
  /** The most that the distance may lose while the samples that were looked at leave. */
  mayLose: number;
}

/**
 * Until when a comparison surely answers the same, whatever leaves the window meanwhile, so that nobody need look at each
 * leaving. What comes is seen as it comes: as long as the distance stays larger than all that may be lost, the forecast stands.
 * It may say too early a moment, never one too late.
 */
export class Forecast<W extends SampledWindow> {
  private until = -Infinity;
  /** An event from here on renews it: so a partition that events come to is not woken. */
  private renewAt = -Infinity;
  private version = -1;
  private bounds: Bound[] = [];

  moment(window: W, course: Distance<W>, value: number, compared: readonly number[]): number {
    if (window.count === 0) return window.nextEntry;
    if (!this.stands(window, course)) this.look(window, course, value, compared);
    return Math.min(this.until, window.nextEntry);
  }

  private stands(window: W, course: Distance<W>): boolean {
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
    // A value that is just what it is compared with may change with the next sample.
    if (compared.includes(value)) place = from;
    for (const bound of this.bounds) place = Math.min(place, lookAlong(window, course, bound, place));
    this.until = window.leavesAt(place);
    this.renewAt = window.leavesAt(place - ((place - from) >> 2));
  }
}

/** The nearest number on either side. */
function boundsOf(value: number, compared: readonly number[]): Bound[] {
  const below = compared.findLast((number) => number < value);
  const above = compared.find((number) => number > value);
  return [
    ...(below === undefined ? [] : [{ compared: below, side: 1 as const, mayLose: 0 }]),
    ...(above === undefined ? [] : [{ compared: above, side: -1 as const, mayLose: 0 }]),
  ];
}

/** Up to which sample, `last` at most, all may leave. Notes what that may take off the distance, beginning anywhere on the way. */
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
