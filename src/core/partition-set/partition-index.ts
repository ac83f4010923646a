import { jsonBytes, utf8Bytes } from '../primitives/text/bytes.ts';
import { Timed } from './deadlines.ts';
import { SlidingWindow } from '../windows/window.ts';
import type { PartitionState } from '../model/partition-set/partition-set-state.ts';
import { asWindow, isWindow } from '../windows/accumulators.ts';
import type { Scalar, Value } from '../primitives/value.ts';
import type { Accumulator } from '../model/partition-set/window-state.ts';

/**
 * A partition of a running set: its JSON state, and data derived from it. Its key is that in
 * `PartitionSetState.partitions`.
 */
export class PartitionEntry extends Timed {
  readonly partition: PartitionState;
  /**
   * Bytes of its key in the state. A copy here: the key is elsewhere in memory, and every event would have to load it.
   */
  readonly keyBytes: number;
  /** Listed in `expect`, and not forgotten since it last reported. */
  isExpected: boolean;
  /** Approximate bytes of its state. */
  weight = 0;
  /** Its windows by slot, created on first use. */
  windows: (SlidingWindow | undefined)[] = [];
  /** For each operand of a comparison, by place: a number between the value and the operand. */
  between?: (number | undefined)[];
  /** For each calculation that is compared with operands, by place: the thresholds of its forecast. */
  bounds?: (readonly number[] | undefined)[];

  constructor(key: string, partition: PartitionState, isExpected: boolean) {
    super(key);
    this.keyBytes = keyBytes(key);
    this.partition = partition;
    this.isExpected = isExpected;
  }
}

const PLAIN = /^[ -[\]-~]*$/;

/**
 * Approximate bytes of a key in the state, which holds it twice: as the name of its partition, escaped, and inside it.
 */
export const keyBytes = (key: string): number => (PLAIN.test(key) ? 2 * key.length : jsonBytes(key) + utf8Bytes(key));

/** The window of a slot; null if the slot is not a window. */
export function windowOf(entry: PartitionEntry, slot: Accumulator, place: number): SlidingWindow | null {
  return entry.windows[place] ?? (isWindow(slot) ? openWindow(entry, slot, place) : null);
}

const openWindow = (entry: PartitionEntry, slot: Accumulator, place: number): SlidingWindow =>
  (entry.windows[place] = new SlidingWindow(asWindow(entry.partition.stores[place] ?? null), slot));

/** Matching has checked that they are scalars. */
export const keyValues = (partitionBy: readonly string[], data: Readonly<Record<string, Value>>): Scalar[] =>
  partitionBy.map((property) => data[property] as Scalar);

export const partitionKey = (values: readonly Scalar[]): string => JSON.stringify(values);

/** The partitions of a set, by key and by the values in events. */
export class PartitionIndex {
  private readonly byKey = new Map<string, PartitionEntry>();
  /**
   * Partitions whose key is a single string: found without building the key, which would cost more than the rest of an
   * event.
   */
  private readonly byText = new Map<string, PartitionEntry>();

  get size(): number {
    return this.byKey.size;
  }

  get(key: string): PartitionEntry | undefined {
    return this.byKey.get(key);
  }

  /** The partition of an event, by its values of `partitionBy`. */
  find(partitionBy: readonly string[], data: Readonly<Record<string, Value>>): PartitionEntry | undefined {
    const text = partitionBy.length === 1 ? data[partitionBy[0] as string] : undefined;
    if (typeof text === 'string') return this.byText.get(text);
    return this.byKey.get(partitionKey(keyValues(partitionBy, data)));
  }

  all(): IterableIterator<PartitionEntry> {
    return this.byKey.values();
  }

  add(entry: PartitionEntry): void {
    this.byKey.set(entry.key, entry);
    const text = onlyText(entry);
    if (text !== undefined) this.byText.set(text, entry);
  }

  delete(entry: PartitionEntry): void {
    this.byKey.delete(entry.key);
    const text = onlyText(entry);
    if (text !== undefined) this.byText.delete(text);
  }
}

function onlyText({ partition: { key } }: PartitionEntry): string | undefined {
  const [only] = key;
  return key.length === 1 && typeof only === 'string' ? only : undefined;
}
