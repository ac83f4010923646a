/**
 * A sum of numbers without any rounding on the way: the same numbers give the same sum, in whatever order they come and go.
 * Kept as terms that do not overlap, the smallest first, which together are the sum (J. Shewchuk, 1997). Whole numbers take one
 * term, measurements of like size two.
 */
export class ExactSum {
  private readonly terms: number[] = [];
  private used = 0;
  /** Of the terms, once somebody has asked. */
  private rounded: number | null = null;

  add(number: number): void {
    const { terms } = this;
    let kept = 0;
    let high = number;
    for (let place = 0; place < this.used; place++) {
      const term = terms[place] as number;
      const sum = high + term;
      // What rounding took: the larger is taken off first, so that nothing on the way gets larger than they are.
      const lost = Math.abs(high) >= Math.abs(term) ? term - (sum - high) : high - (sum - term);
      if (lost !== 0) terms[kept++] = lost;
      high = sum;
    }
    if (high !== 0) terms[kept++] = high;
    this.used = kept;
    this.rounded = null;
  }

  /** False once a number on the way was too large: it says nothing any more. */
  get isFinite(): boolean {
    return this.used === 0 || Number.isFinite(this.terms[this.used - 1]);
  }

  /** Rounded once, to the nearest number; a tie to the even one. */
  get value(): number {
    return (this.rounded ??= roundedSum(this.terms, this.used));
  }
}

function roundedSum(terms: readonly number[], used: number): number {
  let place = used - 1;
  if (place <= 0) return place < 0 ? 0 : (terms[0] as number);
  let high = terms[place] as number;
  let low = 0;
  while (place > 0 && low === 0) {
    const term = terms[--place] as number;
    const sum = high + term;
    low = term - (sum - high);
    high = sum;
  }
  // What is halfway between two numbers as far as `low` goes may be nearer to the other by the terms below.
  const below = place > 0 ? (terms[place - 1] as number) : 0;
  if (low === 0 || Math.sign(low) !== Math.sign(below)) return high;
  const other = high + 2 * low;
  return 2 * low === other - high ? other : high;
}

/** Of so many numbers. Infinite only where the sum itself is too large, whatever their order. */
export function exactSum(numbers: readonly number[]): number {
  const sum = new ExactSum();
  for (const number of numbers) sum.add(number);
  return sum.isFinite ? sum.value : balancedSum(numbers);
}

/** What is below zero takes turns with what is above, so that nothing in between gets larger than the numbers are. */
function balancedSum(numbers: readonly number[]): number {
  const sum = new ExactSum();
  const above = numbers.filter((number) => number > 0);
  const below = numbers.filter((number) => number < 0);
  for (;;) {
    const next = sum.value > 0 ? (below.pop() ?? above.pop()) : (above.pop() ?? below.pop());
    if (next === undefined) return sum.value;
    sum.add(next);
    if (!sum.isFinite) return next * Infinity;
  }
}
