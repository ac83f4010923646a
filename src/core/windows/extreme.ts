import type { Sample } from '../model/partition-set/window-state.ts';
import { numberOf } from './window-content.ts';

/** Samples that have left are dropped in batches. */
const DROPPED_AT_ONCE = 32;

/**
 * The minimum or maximum of a window: a monotonic queue of the samples that become it when all earlier ones have left.
 */
export class Extreme {
  private readonly sign: 1 | -1;
  private readonly next: Sample[] = [];
  private from = 0;

  /** 1: maximum, −1: minimum. */
  constructor(sign: 1 | -1) {
    this.sign = sign;
  }

  /** Requires at least one sample. */
  get value(): number {
    return numberOf(this.next[this.from] as Sample);
  }

  /** Adds a sample that is newer than all others. */
  enter(sample: Sample): void {
    const { next, sign } = this;
    const number = numberOf(sample);
    while (next.length > this.from && (number - numberOf(next[next.length - 1] as Sample)) * sign >= 0) next.pop();
    next.push(sample);
  }

  /** Removes the oldest sample. */
  leave(sample: Sample): void {
    if (this.next[this.from] !== sample) return;
    this.from += 1;
    if (this.from < DROPPED_AT_ONCE) return;
    this.next.splice(0, this.from);
    this.from = 0;
  }

  /** The last of the leading samples for which `isLike` holds: when it leaves, the answer changes for good. */
  lastLike(isLike: (number: number) => boolean): Sample {
    let [like, last] = [this.from, this.next.length - 1];
    while (like < last) {
      const middle = (like + last + 1) >> 1;
      if (isLike(numberOf(this.next[middle] as Sample))) like = middle;
      else last = middle - 1;
    }
    return this.next[like] as Sample;
  }
}
