import { CASED, type ComparisonWord } from '../../model/rule/comparison-words.ts';
import type { Comparison, ConstantComparison, Predicate, PredicateLeaf } from '../../model/rule/condition-schema.ts';
import { asNumber } from '../../primitives/numbers/as-number.ts';
import { foldCase } from '../../primitives/text/fold-case.ts';
import { LIMITS } from '../../primitives/limits.ts';
import { getter, hasEvery, type Getter } from '../../primitives/path.ts';
import { anyElement, elementsOf } from './any-element.ts';
import { adjusted, compileSides, constantPart, hasOperands, operandsIn } from './operand.ts';
import type { EventOperand } from '../../model/rule/operand-words.ts';
import { order } from '../../primitives/numbers/numbers.ts';
import { inMemory } from '../../primitives/numbers/whole-number.ts';

type Test = (value: unknown) => boolean;

/** The wildcard of `equals`: matches any present value. */
export const ANY_VALUE = '*';

const typeOf = (value: unknown): string =>
  value === null ? 'null' : typeof value === 'bigint' ? 'number' : typeof value;
const sameType = (a: unknown, b: unknown): boolean => typeOf(a) === typeOf(b);

const ordered =
  (operand: unknown, holds: (order: number) => boolean): Test =>
  (value) =>
    holds(order(value, operand));

/** Like `glob`, only of texts that vigil keeps whole: in `where` there are longer ones. */
const ofText =
  (holds: (text: string) => boolean): Test =>
  (value) =>
    typeof value === 'string' && value.length <= LIMITS.textLength && holds(value);

const TESTS: { [Word in ComparisonWord]: (operand: NonNullable<ConstantComparison[Word]> | null) => Test } = {
  equals: (operand) => (operand === ANY_VALUE ? (value) => value !== undefined : (value) => value === operand),
  notEquals: (operand) => (value) => sameType(value, operand) && value !== operand,
  in: (operand) => {
    const set = new Set<unknown>(operand);
    return (value) => set.has(value);
  },
  notIn: (operand) => {
    const set = new Set<unknown>(operand);
    const types = new Set([...set].map(typeOf));
    return (value) => types.has(typeOf(value)) && !set.has(value);
  },
  gt: (operand) => ordered(operand, (order) => order > 0),
  gte: (operand) => ordered(operand, (order) => order >= 0),
  lt: (operand) => ordered(operand, (order) => order < 0),
  lte: (operand) => ordered(operand, (order) => order <= 0),
  between: (operand) => {
    const [from, to] = [ordered(operand?.[0], (order) => order >= 0), ordered(operand?.[1], (order) => order <= 0)];
    return (value) => from(value) && to(value);
  },
  exists: (operand) => (value) => (value !== undefined) === operand,
  glob: (operand) => globTest(operand ?? ''),
  contains: (operand) => ofText((text) => text.includes(operand ?? '')),
  startsWith: (operand) => ofText((text) => text.startsWith(operand ?? '')),
  endsWith: (operand) => ofText((text) => text.endsWith(operand ?? '')),
};

/**
 * All given comparisons must hold. Values of different types compare false: no error, no conversion. Only of the sides
 * that are constants: see `compileSides` for operands. A whole number that a double cannot keep is a bigint here.
 */
export function compileComparison(given: Comparison): Test {
  const comparison = constantPart(given);
  if (comparison.ignoreCase === true) {
    const test = compileComparison(withoutCase(comparison));
    return (value) => test(foldCase(value));
  }
  const tests = Object.entries(TESTS)
    .filter(([word]) => comparison[word as ComparisonWord] !== undefined)
    .map(([word, make]) => (make as (operand: unknown) => Test)(operandOf(comparison[word as ComparisonWord])));
  const [only] = tests;
  if (only !== undefined && tests.length === 1) return only;
  return (value) => tests.every((test) => test(value));
}

const operandOf = (operand: unknown): unknown => (Array.isArray(operand) ? operand.map(inMemory) : inMemory(operand));

/** The same comparison of values in the form of `foldCase`. */
export function withoutCase<Given extends Comparison>({ ignoreCase: _ignoreCase, ...comparison }: Given): Given {
  const fold = (operand: unknown): unknown => (Array.isArray(operand) ? operand.map(foldCase) : foldCase(operand));
  const folded = CASED.filter((word) => Object.hasOwn(comparison, word));
  return {
    ...comparison,
    ...Object.fromEntries(folded.map((word) => [word, fold(comparison[word as keyof typeof comparison])])),
  } as Given;
}

/**
 * `*` matches any characters, `?` one. Backtracks only to the latest star: cost |text| × |pattern| at worst, never
 * exponential.
 */
function globTest(pattern: string): Test {
  return ofText((value) => {
    let [text, mask, star, retry] = [0, 0, -1, 0];
    while (text < value.length) {
      if (pattern[mask] === '*') {
        star = mask++;
        retry = text;
      } else if (mask < pattern.length && (pattern[mask] === '?' || pattern[mask] === value[text])) {
        mask++;
        text++;
      } else if (star >= 0) {
        mask = star + 1;
        text = ++retry;
      } else return false;
    }
    while (pattern[mask] === '*') mask++;
    return mask === pattern.length;
  });
}

/** The property paths of a predicate; not those of other steps. */
export function pathsOf(node: Predicate): string[] {
  if ('all' in node) return node.all.flatMap(pathsOf);
  if ('any' in node) return node.any.flatMap(pathsOf);
  if ('not' in node) return pathsOf(node.not);
  return [
    node.property,
    ...eventOperands(node).flatMap(({ step, property }) => (step === undefined ? [property] : [])),
  ];
}

/** Values of an earlier step, as a later step compares with them. */
export interface StepValue {
  step: string;
  property: string;
}

/** What a predicate compares with of earlier steps. */
export function stepValuesOf(node: Predicate): StepValue[] {
  if ('all' in node) return node.all.flatMap(stepValuesOf);
  if ('any' in node) return node.any.flatMap(stepValuesOf);
  if ('not' in node) return stepValuesOf(node.not);
  return eventOperands(node).flatMap(({ step, property }) => (step === undefined ? [] : [{ step, property }]));
}

const eventOperands = (node: PredicateLeaf): EventOperand[] => operandsIn(node) as EventOperand[];

/** Reads the value that a predicate compares. */
export function readerOf({ property, as }: Pick<PredicateLeaf, 'property' | 'as'>): Getter {
  const read = getter(property);
  return as === 'number' ? (data) => asNumber(read(data)) : read;
}

/** The same, of the properties that a set receives and keeps. */
export function storedReaderOf({ property, as }: Pick<PredicateLeaf, 'property' | 'as'>): Getter {
  const read = getter(property);
  return as === 'number' ? (data) => asNumber(inMemory(read(data))) : (data) => inMemory(read(data));
}

type Data = Readonly<Record<string, unknown>>;

/** `kept`: values of earlier steps, by `placeOf`. */
export type DataTest = (data: Data, kept?: readonly unknown[]) => boolean;

/**
 * @param readOf `readerOf` for an event as it arrives, `storedReaderOf` for what a set receives of it
 * @param placeOf the index, in `kept`, of a value of an earlier step
 */
export function compilePredicate(
  node: Predicate,
  readOf = readerOf,
  placeOf: (value: StepValue) => number = () => -1,
): DataTest {
  const compile = (part: Predicate): DataTest => compilePredicate(part, readOf, placeOf);
  if ('all' in node) {
    const parts = node.all.map(compile);
    return (data, kept) => parts.every((part) => part(data, kept));
  }
  if ('any' in node) {
    const parts = node.any.map(compile);
    return (data, kept) => parts.some((part) => part(data, kept));
  }
  if ('not' in node) {
    const part = compile(node.not);
    return (data, kept) => !part(data, kept);
  }
  if (hasEvery(node.property)) {
    const [read, test] = [readOf({ property: node.property }), compileValue(node, readOf, placeOf)];
    return (data, kept) => anyElement(elementsOf(read(data), node.as), (value) => test(value, data, kept));
  }
  const [read, test] = [readOf(node), compileValue(node, readOf, placeOf)];
  if (!hasOperands(node)) return (data) => (test as Test)(read(data));
  return (data, kept) => test(read(data), data, kept);
}

type ValueTest = (value: unknown, data: Data, kept?: readonly unknown[]) => boolean;

function compileValue(node: PredicateLeaf, readOf: typeof readerOf, placeOf: (value: StepValue) => number): ValueTest {
  const constants = compileComparison(node);
  if (!hasOperands(node)) return constants;
  const sides = compileSides<Source>(node, (operand) => sideOf(operand as EventOperand, readOf, placeOf));
  return (value, data, kept) => constants(value) && sides(value, { data, kept }) === true;
}

interface Source {
  data: Data;
  kept: readonly unknown[] | undefined;
}

function sideOf(
  operand: EventOperand,
  readOf: typeof readerOf,
  placeOf: (value: StepValue) => number,
): (source: Source) => unknown {
  const { step, property } = operand;
  if (step === undefined) {
    const read = readOf({ property });
    return ({ data }) => adjusted(read(data), operand);
  }
  const place = placeOf({ step, property });
  return ({ kept }) => adjusted(kept?.[place], operand);
}
