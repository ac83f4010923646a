import type { Sample } from '../model/window-state.ts';
import { numberOf } from './window-content.ts';

/** Those at the front that have left are dropped so many at a time. */
const DROPPED_AT_ONCE = 32;

/** The least number of a window, or the greatest: kept are those that are it once all before them have left. */
export class Extreme {
  private readonly sign: 1 | -1;
  private readonly next: Sample[] = [];
  private from = 0;

  /** 1: the greatest, −1: the least. */
  constructor(sign: 1 | -1) {
    this.sign = sign;
  }

  /** Of one at least. */
  get value(): number {
    return numberOf(this.next[this.from] as Sample);
  }

  /** One that is newer than all others. */
  enter(sample: Sample): void {
    const { next, sign } = this;
    const number = numberOf(sample);
    while (next.length > this.from && (number - numberOf(next[next.length - 1] as Sample)) * sign >= 0) next.pop();
    next.push(sample);
  }

  /** The oldest. */
  leave(sample: Sample): void {
    if (this.next[this.from] !== sample) return;
    this.from += 1;
    if (this.from < DROPPED_AT_ONCE) return;
    this.next.splice(0, this.from);
    this.from = 0;
  }

  /** With which sample the last one leaves that answers like the present one: from here on, answers differ once and for all. */
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
