/**
 * An exact sum of numbers: the same numbers give the same sum, in whatever order they are added and removed. Kept as
 * non-overlapping terms, smallest first (J. R. Shewchuk, 1997). Integers need one term, measurements of similar size
 * two.
 */
export class ExactSum {
  private readonly terms: number[] = [];
  private used = 0;
  /** The rounded sum, once computed. */
  private rounded: number | null = null;

  add(number: number): void {
    const { terms } = this;
    let kept = 0;
    let high = number;
    for (let place = 0; place < this.used; place++) {
      const term = terms[place] as number;
      const sum = high + term;
      // The rounding error. Subtract the larger operand first, so that no intermediate result exceeds the operands.
      const lost = Math.abs(high) >= Math.abs(term) ? term - (sum - high) : high - (sum - term);
      if (lost !== 0) terms[kept++] = lost;
      high = sum;
    }
    if (high !== 0) terms[kept++] = high;
    this.used = kept;
    this.rounded = null;
  }

  /** False once an intermediate result overflowed; the sum is then invalid. */
  get isFinite(): boolean {
    return this.used === 0 || Number.isFinite(this.terms[this.used - 1]);
  }

  /** Numbers whose exact sum is this one, smallest first. */
  parts(): readonly number[] {
    return this.terms.slice(0, this.used);
  }

  /** Rounded once, to the nearest number, ties to even. */
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
  // A value halfway between two numbers as far as `low` shows may be nearer to the other because of the terms below.
  const below = place > 0 ? (terms[place - 1] as number) : 0;
  if (low === 0 || Math.sign(low) !== Math.sign(below)) return high;
  const other = high + 2 * low;
  return 2 * low === other - high ? other : high;
}

/** The exact sum, rounded once. Infinite only if the sum itself is too large, whatever the order. */
export function exactSum(numbers: readonly number[]): number {
  const sum = new ExactSum();
  for (const number of numbers) sum.add(number);
  return sum.isFinite ? sum.value : scaledSum(numbers);
}

/** Numbers from here on are scaled down, which loses none of their digits. */
const LARGE = 2 ** 500;
/** Room for the intermediate results of 2^100 numbers. */
const SCALE = 2 ** 100;
/** A scaled sum from here on is so large that the other numbers can only break a tie. */
const DOMINANT = 2 ** 800;
/** Below the last digit of every scaled number. */
const TIE_BREAKER = 2 ** 300;

/** Sums large numbers at a scale at which no intermediate result overflows. */
function scaledSum(numbers: readonly number[]): number {
  const sum = new WideSum();
  for (const number of numbers) sum.add(number);
  return sum.value;
}

/** The parts of a `WideSum`, as plain JSON; `large` are scaled down. */
export interface SumParts {
  others: readonly number[];
  large?: readonly number[];
}

/** An `ExactSum` that no intermediate result can overflow: large numbers are kept apart, scaled down. */
export class WideSum {
  private readonly large = new ExactSum();
  private readonly others = new ExactSum();

  add(number: number): void {
    if (Math.abs(number) < LARGE) this.others.add(number);
    else this.large.add(number / SCALE);
  }

  /** Numbers whose exact sum is this one. */
  parts(): SumParts {
    const large = this.large.parts();
    return { others: this.others.parts(), ...(large.length > 0 && { large }) };
  }

  /** Adds another sum (`sign` 1), or removes it (−1). */
  addParts({ others, large = [] }: SumParts, sign: 1 | -1): void {
    for (const part of others) this.others.add(sign * part);
    for (const part of large) this.large.add(sign * part);
  }

  /** Rounded once. Infinite only if the sum itself is too large. */
  get value(): number {
    const { large, others } = this;
    if (large.parts().length === 0) return others.value;
    const isDominant = Math.abs(large.value) >= DOMINANT;
    const all = new ExactSum();
    for (const part of large.parts()) all.add(isDominant ? part : part * SCALE);
    if (isDominant) {
      all.add(Math.sign(others.value) * TIE_BREAKER);
      return all.value * SCALE;
    }
    for (const part of others.parts()) all.add(part);
    return all.value;
  }
}
