import type { Predicate } from '../model/rule/condition-schema.ts';
import type { Evaluation, SequenceStep } from '../model/rule/rule-schema.ts';
import { parseDuration } from '../primitives/text/duration.ts';
import { getter, type Getter } from '../primitives/path.ts';
import {
  compilePredicate,
  stepValuesOf,
  storedReaderOf,
  type DataTest,
  type StepValue,
} from './conditions/predicate.ts';

export interface CompiledStep {
  matches: DataTest;
  /** Passes with time if no event matches. */
  isNot: boolean;
  /** Longest time from the previous event of the match, or from the previous `not`. */
  withinMs: number;
  /** Longest time from the first event of the match; Infinity for a `not`, which has its own deadline. */
  spanMs: number;
  /** `matches` compares with values of the match, so each match has its own answer. */
  matchesByMatch: boolean;
  /** How many events match until the step is done. */
  times: number;
  strict: boolean;
  /** Ends a match that waits for this step. */
  unless: DataTest | null;
  /** What its event has that later steps compare with: where to keep it in a match. */
  keeps: readonly { place: number; read: Getter }[];
  /** Its `not` or `unless` compares with values of the match. */
  comparesWithMatch: boolean;
  /** How long the `not` steps directly before it take: the last event of a match that waits for it is that much older. */
  afterNotsMs: number;
}

export function compileSteps({ steps, within }: Extract<Evaluation, { type: 'sequence' }>): CompiledStep[] {
  const spanMs = durationMs(within);
  let afterNotsMs = 0;
  const kept = keptValues(steps);
  const placeOf = (value: StepValue): number => kept.findIndex((each) => isSame(each, value));
  return steps.map((step) => {
    const isNot = 'not' in step;
    const wanted = isNot ? step.not.where : step.where;
    const unwanted = [...(isNot ? wanted : []), ...(step.unless?.where ?? [])];
    const compiled: CompiledStep = {
      matches: compilePredicate({ all: wanted }, storedReaderOf, placeOf),
      matchesByMatch: wanted.some((node) => stepValuesOf(node).length > 0),
      isNot,
      withinMs: durationMs(step.within),
      spanMs: isNot ? Infinity : spanMs,
      times: isNot ? 1 : (step.times ?? 1),
      strict: !isNot && step.strict === true,
      unless: step.unless === undefined ? null : compilePredicate({ all: step.unless.where }, storedReaderOf, placeOf),
      keeps: kept.flatMap(({ step: name, property }, place) =>
        !isNot && step.as === name ? [{ place, read: getter(property) }] : [],
      ),
      comparesWithMatch: unwanted.some((node) => stepValuesOf(node).length > 0),
      afterNotsMs,
    };
    afterNotsMs = isNot ? afterNotsMs + compiled.withinMs : 0;
    return compiled;
  });
}

/** What must be remembered of events because a step must not meet them. */
export interface Unwanted {
  /** The tests that no value of a match is needed for, by the place of the step. */
  tests: readonly { place: number; isUnwanted: DataTest }[];
  /** A step compares with values of a match: only then do the newest events themselves matter. */
  keepsRecent: boolean;
}

/** Null if no step has a `not` or `unless`: such a sequence remembers nothing but its partial matches. */
export function compileUnwanted(steps: readonly CompiledStep[]): Unwanted | null {
  const tests = steps.flatMap((step, place) => {
    const isUnwanted = unwantedTest(step);
    return place === 0 || step.comparesWithMatch || isUnwanted === null ? [] : [{ place, isUnwanted }];
  });
  const keepsRecent = steps.some(({ comparesWithMatch }) => comparesWithMatch);
  return tests.length === 0 && !keepsRecent ? null : { tests, keepsRecent };
}

function unwantedTest({ isNot, matches, unless }: CompiledStep): DataTest | null {
  if (!isNot) return unless;
  return unless === null ? matches : (data) => matches(data) || unless(data);
}

/** Every value of an earlier step that a later one compares with, once. */
export function keptValues(steps: readonly SequenceStep[]): StepValue[] {
  const values = steps.flatMap(predicatesOf).flatMap(stepValuesOf);
  return values.filter((value, place) => values.findIndex((each) => isSame(each, value)) === place);
}

const isSame = (a: StepValue, b: StepValue): boolean => a.step === b.step && a.property === b.property;

const durationMs = (text: string | undefined): number =>
  text === undefined ? Infinity : (parseDuration(text) ?? Infinity);

/** Every predicate of a step: of the events that it takes, and of those that end a match. */
export function predicatesOf(step: SequenceStep): Predicate[] {
  return [...('not' in step ? step.not.where : step.where), ...(step.unless?.where ?? [])];
}
