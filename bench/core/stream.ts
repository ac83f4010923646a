import { parseJson } from '../../src/core/primitives/text/parse-json.ts';
import { toEvent, type VigilEvent } from '../../src/core/model/event/event.ts';
import type { PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import { projectEvent } from '../../src/core/matching/projection.ts';
import { RuleIndex } from '../../src/core/matching/rule-index.ts';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import type { ProjectedEvent } from '../../src/core/model/event/projected-event.ts';
import { applyEvent, openPartitionSet, takeAlerts } from '../../src/core/evaluation/evaluate.ts';
import { EVENT_EVERY_MS, START_MS, type MachineEvent } from './workload.ts';

/*
 * A stream repeats a few thousand events with increasing sequences and times, so that an event is in the CPU caches,
 * like one that has just arrived, for any number of events.
 */

/** Events between reads of the alerts, as many as in one signal. */
const BATCH = 1_000;
const SUBJECT = 'events.client-01.status';

const decoder = new TextDecoder('utf-8', { fatal: true });
export const parse = (bytes: Uint8Array): unknown => parseJson(decoder.decode(bytes));

export const open = (rule: Rule): PartitionSet => openPartitionSet({ rule, ruleVersion: 1, group: [], atMs: START_MS });

export function indexOf(rules: readonly Rule[]): RuleIndex {
  const index = new RuleIndex();
  for (const rule of rules) index.put({ rule, version: 1, storedAtMs: START_MS });
  return index;
}

export function payloadsOf(events: readonly MachineEvent[]): Uint8Array[] {
  const encoder = new TextEncoder();
  return events.map((event) => encoder.encode(JSON.stringify(event)));
}

/** The `number`th event of a stream, from 0. */
export function eventOf(payloads: readonly Uint8Array[], number: number): VigilEvent {
  const bytes = payloads[number % payloads.length] as Uint8Array;
  return toEvent({
    subject: SUBJECT,
    payload: parse(bytes),
    sequence: number + 1,
    storedAtMs: START_MS + number * EVENT_EVERY_MS,
  });
}

/** The data that the partition set of a rule gets of each event. */
export const setDataOf = (rule: Rule, payloads: readonly Uint8Array[]): ProjectedEvent['data'][] => {
  const index = indexOf([rule]);
  return payloads.flatMap((_, number) => {
    const event = eventOf(payloads, number);
    return index.match(event).map((match) => projectEvent(match.rule, event).data);
  });
};

/** The `number`th event in the form that a set gets. */
function setEventOf(data: readonly ProjectedEvent['data'][], number: number): ProjectedEvent {
  const at = START_MS + number * EVENT_EVERY_MS;
  return { seq: number + 1, time: at, at, data: data[number % data.length] as ProjectedEvent['data'] };
}

/** Evaluates `count` events from the `from`th on, including due deadlines. Returns the number of alerts. */
export function evaluate(set: PartitionSet, data: readonly ProjectedEvent['data'][], count: number, from = 0): number {
  let alerts = 0;
  for (let number = from; number < from + count; number++) {
    applyEvent(set, setEventOf(data, number));
    if (number % BATCH === 0) alerts += takeAlerts(set).length;
  }
  return alerts + takeAlerts(set).length;
}

/** Like evaluate, with each event of `data` for the set at its index in `places`. */
export function evaluateEach(
  sets: readonly PartitionSet[],
  places: Uint8Array,
  data: readonly ProjectedEvent['data'][],
  count: number,
  from = 0,
): number {
  let alerts = 0;
  for (let number = from; number < from + count; number++) {
    const set = sets[places[number % data.length] as number] as PartitionSet;
    applyEvent(set, setEventOf(data, number));
    if (set.outbox.length > 0) alerts += takeAlerts(set).length;
  }
  return alerts;
}

/** Like evaluate, but starts from the bytes of the payload. Returns the number of alerts. */
export function parseRouteEvaluate(
  index: RuleIndex,
  set: PartitionSet,
  payloads: readonly Uint8Array[],
  count: number,
  from = 0,
): number {
  let alerts = 0;
  for (let number = from; number < from + count; number++) {
    const event = eventOf(payloads, number);
    for (const { rule } of index.match(event)) applyEvent(set, projectEvent(rule, event));
    if (number % BATCH === 0) alerts += takeAlerts(set).length;
  }
  return alerts + takeAlerts(set).length;
}
