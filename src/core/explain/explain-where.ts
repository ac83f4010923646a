import { keyReader } from '../compilation/key-reader.ts';
import { compilePredicate, pathsOf } from '../compilation/conditions/predicate.ts';
import { predicateText } from '../language/condition-text.ts';
import type { VigilEvent } from '../model/event/event.ts';
import type { Predicate } from '../model/rule/condition-schema.ts';
import type { Rule } from '../model/rule/rule-schema.ts';
import { getter } from '../primitives/path.ts';
import { isoTime } from '../primitives/text/iso-time.ts';
import { boundValue, showValue } from '../primitives/value.ts';
import { newestEvent } from './condition-tree.ts';
import type { FailingEntry, WhereNow } from './explanation.ts';

/** Entries that an explanation names, and properties of one example. */
const ENTRIES = 10;
const PROPERTIES = 5;
const TEXT_LENGTH = 200;

/** Which of these events, oldest first, `where` matches, and which of its entries keep the others out. */
export function explainWhere(rule: Rule, events: readonly VigilEvent[]): Omit<WhereNow, 'unusable'> {
  const tests = rule.where.map((entry) => compilePredicate(entry));
  const counts = new Map<number, FailingCount>();
  const matching: VigilEvent[] = [];
  for (const event of events) {
    const failed = tests.flatMap((holds, entry) => (holds(event.data) ? [] : [entry]));
    const isAlone = failed.length === 1;
    for (const entry of failed) counts.set(entry, counted(counts.get(entry), event, isAlone));
    if (failed.length === 0) matching.push(event);
  }
  const failing = [...counts].map(([entry, count]) => failingEntry(rule.where[entry] as Predicate, entry, count));
  const newest = matching.at(-1);
  return {
    read: events.length,
    from: storedAt(events[0]),
    to: storedAt(events.at(-1)),
    matched: matching.length,
    newestMatch: newest === undefined ? null : newestEvent(newest),
    failing: failing.sort((a, b) => b.events - a.events || b.alone - a.alone || a.entry - b.entry).slice(0, ENTRIES),
    lacking: [...lackingIn(matching, rule.groupBy, 'groupBy'), ...lackingIn(matching, rule.partitionBy, 'partitionBy')],
  };
}

interface FailingCount {
  events: number;
  alone: number;
  example: VigilEvent;
}

function counted(before: FailingCount | undefined, event: VigilEvent, isAlone: boolean): FailingCount {
  const { events, alone, example } = before ?? { events: 0, alone: 0, example: event };
  return { events: events + 1, alone: alone + Number(isAlone), example: isAlone || alone === 0 ? event : example };
}

const failingEntry = (node: Predicate, entry: number, { example, ...counts }: FailingCount): FailingEntry => ({
  entry,
  text: predicateText(node).slice(0, TEXT_LENGTH),
  ...counts,
  example: {
    event: newestEvent(example),
    has: [...new Set(pathsOf(node))].slice(0, PROPERTIES).map((property) => valueOf(example, property)),
  },
});

function valueOf({ data }: VigilEvent, property: string): { property: string; value?: unknown } {
  const value = boundValue(getter(property)(data));
  if (value === undefined) return { property };
  const shown = showValue(value);
  return { property, value: typeof shown === 'string' ? shown.slice(0, TEXT_LENGTH) : shown };
}

const storedAt = (event: VigilEvent | undefined): string | null =>
  event === undefined ? null : isoTime(event.storedAtMs);

function lackingIn(
  events: readonly VigilEvent[],
  properties: readonly string[] = [],
  word: WhereNow['lacking'][number]['word'],
): WhereNow['lacking'] {
  return properties.flatMap((property) => {
    const read = keyReader([property]);
    const count = events.filter(({ data }) => read(data) === undefined).length;
    return count === 0 ? [] : [{ property, word, events: count }];
  });
}
