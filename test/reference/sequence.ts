import type { Predicate } from '../../src/core/model/rule/condition-schema.ts';
import type { Evaluation, SequenceStep } from '../../src/core/model/rule/rule-schema.ts';
import { satisfies, type StepEvents } from './conditions/predicate.ts';
import { byOwnTime, undecided, type Arrival, type Instant } from './model.ts';
import { ms } from './ms.ts';

const PARTIAL_MATCHES = 16;
const RECENT_EVENTS = 16;

export interface Partial {
  /** How many steps are done. */
  done: number;
  /** When the last of them was: its last event, or the deadline of a `not`. */
  at: number;
  /** How many events of the next step it has. */
  count: number;
  /** Event times of its first event, and of its last. */
  first: number;
  last: number;
  /** The last event of each named step that is done. */
  named: StepEvents;
  /** A `not` is not decided before. */
  undecidedUntil: number;
}

export interface SequenceMemory {
  /** The oldest first. */
  partials: Partial[];
  /** A `not` has completed a match, and nothing has matched it since. */
  held: boolean;
  /** The events of the match that it came from. */
  heldFor?: StepEvents;
}

type Sequence = Extract<Evaluation, { type: 'sequence' }>;
type Data = Record<string, unknown>;

/** All events of the partition, in order of arrival, and when its condition last started or stopped. */
export interface Past {
  life: readonly Arrival[];
  changedAt: number;
}

/**
 * "Sequences" of docs/semantics.md: whether the condition holds after this instant. An event completes it for that instant
 * alone.
 */
export function completes(
  sequence: Sequence,
  memory: SequenceMemory,
  instant: Instant,
  arrival: Arrival | undefined,
  past: Past,
): boolean {
  if (instant.end || arrival === undefined) return passNots(sequence, memory, instant.clock, past);
  return takeEvent(sequence, memory, arrival, instant, past);
}

function takeEvent(
  sequence: Sequence,
  memory: SequenceMemory,
  arrival: Arrival,
  instant: Instant,
  { life, changedAt }: Past,
): boolean {
  const { steps } = sequence;
  const { data, time } = arrival;
  const isNewest = life.every((other) => other.time <= time);
  const since = isNewest ? -Infinity : changedAt;

  const last = steps.at(-1);
  const lastsFor = steps
    .slice(1 + steps.findLastIndex((step) => 'where' in step))
    .map((step) => ms(step.within ?? '0s'));
  const oldest = since - lastsFor.reduce((sum, each) => sum + each, 0);
  if (last !== undefined && 'not' in last && matches(last, data, memory.heldFor) && time >= oldest) memory.held = false;

  memory.partials = memory.partials.flatMap((partial) => {
    const next = time < partial.last ? partial : afterEvent(sequence, partial, arrival);
    if (next === undefined) return [];
    if (next !== partial) next.undecidedUntil = undecided(instant, dueOf(steps, next));
    return next !== partial && isBarred(steps, next, life) ? [] : [next];
  });

  const [first] = steps;
  const isLate = time < since || memory.partials.some((partial) => time < partial.last);
  if (first !== undefined && matches(first, data) && !isLate) {
    const nothing = { done: 0, at: time, count: 0, first: time, last: time, named: {}, undecidedUntil: -Infinity };
    const started = withEvent(first, nothing, arrival);
    started.undecidedUntil = undecided(instant, dueOf(steps, started));
    if (!isBarred(steps, started, life)) memory.partials = [...memory.partials, started];
  }
  const isComplete = useUp(steps, memory);
  memory.partials = memory.partials.slice(-PARTIAL_MATCHES);
  return isComplete || memory.held;
}

/** The match after an event that is not late for it; undefined if it ends. */
function afterEvent({ steps, within }: Sequence, partial: Partial, arrival: Arrival): Partial | undefined {
  const { data, time } = arrival;
  const { named } = partial;
  const step = steps[partial.done];
  if (step === undefined) return partial;
  const inTime = step.within === undefined || time <= partial.at + ms(step.within);
  const isUnless = step.unless !== undefined && holds(step.unless.where, data, named) && time >= partial.at;
  if ('not' in step) return inTime && (matches(step, data, named) || isUnless) ? undefined : partial;

  const inWhole = within === undefined || time <= partial.first + ms(within);
  if (!inTime || !inWhole || isUnless) return undefined;
  if (matches(step, data, named)) return withEvent(step, partial, arrival);
  return step.strict === true ? undefined : partial;
}

function withEvent(step: SequenceStep, partial: Partial, { time, data }: Arrival): Partial {
  const count = partial.count + 1;
  const isDone = 'not' in step || count >= (step.times ?? 1);
  const named = 'as' in step && step.as !== undefined ? { ...partial.named, [step.as]: data } : partial.named;
  return { ...partial, named, done: partial.done + (isDone ? 1 : 0), count: isDone ? 0 : count, at: time, last: time };
}

/** Whether what ends a match at its next step has happened after the step before, and arrived earlier. */
function isBarred(steps: SequenceStep[], { done, at, named }: Partial, life: readonly Arrival[]): boolean {
  const step = steps[done];
  if (step === undefined) return false;
  // What compares with an earlier step is known only of the newest events.
  const known = comparesWithMatch(step) ? life.toSorted(byOwnTime).slice(-RECENT_EVENTS) : life;
  return known
    .filter(({ time }) => time > at)
    .some(
      ({ data }) =>
        ('not' in step && matches(step, data, named)) ||
        (step.unless !== undefined && holds(step.unless.where, data, named)) ||
        ('where' in step && step.strict === true),
    );
}

function passNots({ steps }: Sequence, memory: SequenceMemory, clock: number, { life }: Past): boolean {
  // One `not` may follow another, and both may be over.
  while (memory.partials.some((partial) => endOfNot(steps, partial) <= clock)) {
    memory.partials = memory.partials.flatMap((partial) => {
      if (endOfNot(steps, partial) > clock) return [partial];
      const passed = { ...partial, done: partial.done + 1, at: dueOf(steps, partial) };
      return isBarred(steps, passed, life) ? [] : [passed];
    });
  }
  const complete = memory.partials.find(({ done }) => done === steps.length);
  if (useUp(steps, memory)) {
    if (!memory.held && complete !== undefined) memory.heldFor = complete.named;
    memory.held = true;
  }
  return memory.held;
}

/** When the `not` that a partial match waits for is passed. */
const endOfNot = (steps: SequenceStep[], partial: Partial): number =>
  Math.max(dueOf(steps, partial), partial.undecidedUntil);

/** The end of its time. */
function dueOf(steps: SequenceStep[], { done, at }: Partial): number {
  const step = steps[done];
  return step !== undefined && 'not' in step ? at + ms(step.within) : Infinity;
}

/** A match uses up all partial matches of its partition. */
function useUp(steps: SequenceStep[], memory: SequenceMemory): boolean {
  if (memory.partials.every(({ done }) => done < steps.length)) return false;
  memory.partials = [];
  return true;
}

/** Whether what ends a match depends on the match. */
const comparesWithMatch = (step: SequenceStep): boolean =>
  JSON.stringify([step.unless, 'not' in step ? step.not : null]).includes('"step":');

const matches = (step: SequenceStep, data: Data, named: StepEvents = {}): boolean =>
  holds('not' in step ? step.not.where : step.where, data, named);

const holds = (where: readonly Predicate[], data: Data, named: StepEvents): boolean =>
  where.every((predicate) => satisfies(predicate, data, named));
