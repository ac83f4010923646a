import type { CompiledRule } from '../compilation/compile-rule.ts';
import type { Leaf } from '../compilation/conditions/leaf.ts';
import { isCompared } from '../model/rule/comparison-words.ts';

/*
 * What a partition set keeps when its rule is replaced by another version. `replaceRule` does what it says, and whoever
 * asks before a change gets the same answer (language/change).
 */

export interface Continuation {
  /** Partitions and alerts. Without them nothing else is kept either, and alerts that fire resolve. */
  partitions: boolean;
  /** For each accumulator of the new version the place of the same one in the old, or -1: it begins empty. */
  slots: readonly number[];
  /** The same for what conditions remember: since when they hold. */
  memories: readonly number[];
  /** Whether windows that must be full have been filling since before the change. */
  fills: boolean;
  /** Partial matches of a sequence: they count its steps. */
  matches: boolean;
  /** The slots whose values from `settings` stay. */
  settings: ReadonlySet<string>;
  /** Since when each level holds, where levels have their own times. */
  levels: boolean;
  /** The intervals of reminders and of heartbeats. */
  reminders: boolean;
  heartbeat: boolean;
}

export function continuationOf(before: CompiledRule, next: CompiledRule): Continuation {
  const partitions = sameJson(before.partitionBy, next.partitionBy) && kindOf(before) === kindOf(next);
  const slots = placesIn(before.slots.map(keyOf), next.slots.map(keyOf));
  return {
    partitions,
    slots,
    memories: memoriesIn(before, next, slots),
    fills: !(next.slotsToFill ?? []).some((slot) => slots[slot] === -1),
    matches: sameJson(before.rule.evaluate, next.rule.evaluate),
    settings: new Set(sameJson(before.rule.settings, next.rule.settings) ? settingKeys(next) : []),
    levels: next.timesLevels && sameJson(severitiesOf(before), severitiesOf(next)),
    reminders: before.repeatMs === next.repeatMs,
    heartbeat: partitions && before.heartbeatMs === next.heartbeatMs,
  };
}

const kindOf = ({ steps, each }: CompiledRule): string => (steps.length > 0 ? 'sequence' : each ? 'each' : 'set');

const keyOf = ({ key }: { key: string }): string => key;

const severitiesOf = ({ levels }: CompiledRule): string[] => levels.map(({ severity }) => severity);

/** The slots that settings bring values for. */
export const settingKeys = ({ settings, slots }: CompiledRule): string[] =>
  (settings?.slots ?? []).flatMap((place) => slots[place]?.key ?? []);

/** Equal keys remember the same, whatever the operands are; but what begins without values has no past. */
function memoriesIn(before: CompiledRule, next: CompiledRule, slots: readonly number[]): number[] {
  const remembering = withMemory(next);
  const places = placesIn(withMemory(before).map(memoryKey), remembering.map(memoryKey));
  return places.map((from, place) => {
    const leaf = remembering[place];
    return leaf !== undefined && slotsOf(leaf).some((slot) => slots[slot] === -1) ? -1 : from;
  });
}

/** By the place of their memory. */
const withMemory = ({ leaves }: CompiledRule): Leaf[] => leaves.filter(({ memory }) => memory >= 0);

/** Of the condition and its operands. */
export const calculatedBy = (leaf: Leaf): Leaf[] => [
  leaf,
  ...(leaf.operands ?? []).map(({ calculated }) => calculated),
];

/** The slots whose values the condition needs; -1 for none. */
export const slotsOf = (leaf: Leaf): number[] =>
  calculatedBy(leaf).flatMap(({ slot, knowledge }) => [slot, knowledge?.counted ?? -1]);

function memoryKey({ node }: Leaf): string {
  const words = Object.entries(node).filter(([word]) => !LIMITING.has(word));
  return JSON.stringify(words.map(([word, value]) => (isCompared(word) ? [word] : [word, value])));
}

/** These do not say what a condition compares. */
const LIMITING: ReadonlySet<string> = new Set(['for', 'minSamples', 'whenFull']);

/** For each of these, the place of an equal one in the others, or -1; each place only once. */
function placesIn(others: readonly string[], these: readonly string[]): number[] {
  const free: (string | null)[] = [...others];
  return these.map((each) => {
    const place = free.indexOf(each);
    if (place >= 0) free[place] = null;
    return place;
  });
}

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
