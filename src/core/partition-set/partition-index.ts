import { jsonBytes, utf8Bytes } from '../primitives/bytes.ts';
import { Timed } from './deadlines.ts';
import { SlidingWindow } from '../windows/window.ts';
import type { PartitionState } from '../model/partition-set-state.ts';
import { asWindow, isWindow } from '../windows/accumulators.ts';
import type { Scalar, Value } from '../primitives/value.ts';
import type { Accumulator } from '../model/window-state.ts';

/** A partition of a set at work: its JSON state, and what is derived from it. Its key is that in `SetState.partitions`. */
export class PartitionEntry extends Timed {
  readonly partition: PartitionState;
  /** What its key takes in the state: it is elsewhere in memory, and with every event would have to be fetched. */
  readonly keyBytes: number;
  /** It is on the roster. */
  readonly isExpected: boolean;
  /** Of its state, about, in bytes. */
  weight = 0;
  /** Its windows at work, by slot; those that nobody has needed yet are not there. */
  windows: (SlidingWindow | undefined)[] = [];

  constructor(key: string, partition: PartitionState, isExpected: boolean) {
    super(key);
    this.keyBytes = keyBytes(key);
    this.partition = partition;
    this.isExpected = isExpected;
  }
}

const PLAIN = /^[ -[\]-~]*$/;

/** Bytes of a key in the state, about: it is the name of its partition, where it is escaped, and in it once more. */
export const keyBytes = (key: string): number => (PLAIN.test(key) ? 2 * key.length : jsonBytes(key) + utf8Bytes(key));

/** The window in a slot at work; null where the slot has no window. */
export function windowOf(entry: PartitionEntry, slot: Accumulator, place: number): SlidingWindow | null {
  if (!isWindow(slot)) return null;
  return (entry.windows[place] ??= new SlidingWindow(asWindow(entry.partition.stores[place] ?? null), slot));
}

/** Routing has seen to it that they are scalars. */
export const keyValues = (partitionBy: readonly string[], data: Readonly<Record<string, Value>>): Scalar[] =>
  partitionBy.map((property) => data[property] as Scalar);

export const partitionKey = (values: readonly Scalar[]): string => JSON.stringify(values);

/** The partitions of a set, found by their keys and by what events carry. */
export class PartitionIndex {
  private readonly byKey = new Map<string, PartitionEntry>();
  /** Those whose key is one text: found without making the key, which would cost more than all else that an event does. */
  private readonly byText = new Map<string, PartitionEntry>();

  get size(): number {
    return this.byKey.size;
  }

  get(key: string): PartitionEntry | undefined {
    return this.byKey.get(key);
  }

  /** The partition that an event is for, by its values of `partitionBy`. */
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
