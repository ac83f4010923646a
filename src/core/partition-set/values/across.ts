import type { CompiledMeasure } from '../../compilation/measure.ts';
import { ExactSum, WideSum, type SumParts } from '../../primitives/numbers/exact-sum.ts';
import type { Truth } from '../../primitives/truth.ts';
import { Ranking } from './ranking.ts';

/**
 * What is known of the values of all partitions. A value that grows with the clock is kept as the time at which it was
 * 0, epoch ms: then it never changes by itself. Plain JSON; field names are stored, so they never change.
 */
export interface ValuesKnown {
  /** Partitions with a value. */
  size: number;
  /** Of all values; with values that grow, of those that are no longer 0. */
  sum?: SumParts;
  /** With values that grow: how many are no longer 0. */
  growing?: number;
  /** The greatest value with `max`, the smallest with `min`; null without any. */
  best?: number | null;
}

/** The values of all partitions of a set, kept so that each change costs O(log n). */
export class Across {
  readonly measure: CompiledMeasure;
  private size = 0;
  private growing = 0;
  private readonly sum = new WideSum();
  private readonly ranking = new Ranking();
  /** Partitions whose values do not grow yet. */
  private readonly ahead = new Set<string>();
  /** Of a set in pieces: the part of each. */
  private readonly parts: (ValuesKnown | undefined)[] = [];

  constructor(measure: CompiledMeasure) {
    this.measure = measure;
  }

  /** Replaces the value of a partition; `undefined`: it has none. */
  replace(key: string, before: number | undefined, after: number | undefined, nowMs: number): void {
    if (before !== undefined) this.count(key, before, -1);
    if (after === undefined) {
      this.ahead.delete(key);
      this.ranking.delete(key);
      return;
    }
    // A value that grows is 0 until its time has come.
    if (this.measure.grows && after > nowMs) this.ahead.add(key);
    else this.ahead.delete(key);
    this.count(key, after, 1);
    if (after !== before) this.ranking.set(key, this.scoreOf(after));
  }

  /** Replaces the part of a piece. */
  replacePart(piece: number, part: ValuesKnown | undefined): void {
    const before = this.parts[piece];
    this.parts[piece] = part;
    this.size += (part?.size ?? 0) - (before?.size ?? 0);
    this.growing += (part?.growing ?? 0) - (before?.growing ?? 0);
    if (before?.sum !== undefined) this.sum.addParts(before.sum, -1);
    if (part?.sum !== undefined) this.sum.addParts(part.sum, 1);
  }

  /** What the whole set needs of a piece. */
  part(): ValuesKnown {
    const { size, growing, sum, measure } = this;
    if (measure.type === 'min' || measure.type === 'max') return { size, best: this.best() ?? null };
    return { size, sum: sum.parts(), ...(measure.grows && { growing }) };
  }

  /** The keys of the partitions that contribute most, in order. Not of a set in pieces. */
  first(count: number): string[] {
    return this.ranking.first(count);
  }

  /** The value of the set; undefined: unknown, as no partition has a value. */
  valueAt(nowMs: number): number | undefined {
    const { size, measure } = this;
    if (size === 0) return undefined;
    const best = this.best() ?? 0;
    switch (measure.type) {
      case 'min':
      case 'max':
        return measure.grows ? Math.max(0, nowMs - best) : best;
      case 'sum':
        return this.total(nowMs);
      case 'avg':
        return this.total(nowMs) / size;
    }
  }

  /** Whether the comparison of a level holds. */
  holdsAt(level: number, nowMs: number): Truth {
    const value = this.valueAt(nowMs);
    return value === undefined ? undefined : (this.measure.tests[level]?.(value) ?? false);
  }

  /** The next time at which the value may cross an operand because it grows, or Infinity. May be a little early. */
  nextCrossing(nowMs: number): number {
    const { size, growing, measure } = this;
    const value = measure.grows ? this.valueAt(nowMs) : undefined;
    const operand = value === undefined ? undefined : measure.operands.find((each) => each >= value);
    if (value === undefined || operand === undefined) return Infinity;
    // A value equal to an operand leaves it with the next millisecond.
    const next = nowMs + 1;
    if (measure.type === 'min' || measure.type === 'max') return Math.max(next, (this.best() ?? nowMs) + operand);
    const perMs = measure.type === 'sum' ? growing : growing / size;
    return perMs === 0 ? Infinity : Math.max(next, nowMs + Math.floor((operand - value) / perMs));
  }

  /** The best value: of the ranking, or of all pieces. */
  private best(): number | undefined {
    const scores = this.parts.flatMap((part) => this.scoresOf(part?.best ?? null));
    const score = scores.length === 0 ? this.ranking.best : Math.max(...scores);
    return score === undefined ? undefined : this.scoreOf(score);
  }

  private scoresOf(best: number | null): number[] {
    return best === null ? [] : [this.scoreOf(best)];
  }

  private total(nowMs: number): number {
    const { sum, growing } = this;
    if (!this.measure.grows) return sum.value;
    const all = new ExactSum();
    for (const part of sum.parts().others) all.add(-part);
    // In two products that are exact.
    const low = nowMs % SPLIT;
    all.add(growing * (nowMs - low));
    all.add(growing * low);
    return all.value;
  }

  private count(key: string, value: number, sign: 1 | -1): void {
    this.size += sign;
    if (this.ahead.has(key)) return;
    if (this.measure.grows) this.growing += sign;
    this.sum.add(sign * value);
  }

  /**
   * Partitions with greater scores contribute more; a later beginning is a smaller value. The value of a score is found
   * in the same way.
   */
  private scoreOf(value: number): number {
    return this.measure.largestFirst === this.measure.grows ? -value : value;
  }
}

/** A multiple of a power of two times 2^17 partitions loses no digits. */
const SPLIT = 2 ** 30;
