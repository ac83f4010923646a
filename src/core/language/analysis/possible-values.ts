import { hasOperands } from '../../compilation/conditions/operand.ts';
import { compileComparison, withoutCase } from '../../compilation/conditions/predicate.ts';
import { CASED, comparisonOf, type ComparisonWord } from '../../model/rule/comparison-words.ts';
import { foldCase } from '../../primitives/text/fold-case.ts';
import { leavesOf, withLeaves, type LeafNode, type Node } from '../node.ts';
import { inMilliseconds, operandsOf, samplesFor, type SampleValue } from '../parse/sample-values.ts';

/*
 * Whether any value, or every value, satisfies conditions on one subject: decided by testing representative values.
 */

/** Above this many operands the analysis would be too slow and reports nothing. */
const MOST_OPERANDS = 1_000;

const isTooLong = (nodes: readonly Node[]): boolean =>
  nodes.flatMap(leavesOf).flatMap(operandsOf).length > MOST_OPERANDS;

/** Whether some value satisfies all of these, which must have the same subject. */
export function possible(given: readonly Node[]): boolean {
  if (isTooLong(given)) return true;
  const nodes = comparable(given);
  if (haveDifferentEnds(nodes)) return false;
  const tests = nodes.map(compile);
  return samplesFor(nodes).some((sample) => tests.every((test) => test(sample).can));
}

/** How to say that at least one of these holds for every value; undefined if none does. */
export function alwaysHolds(given: readonly Node[]): string | undefined {
  if (isTooLong(given)) return undefined;
  const nodes = comparable(given);
  const tests = nodes.map(compile);
  const samples = samplesFor(nodes);
  const holdsFor = (some: readonly SampleValue[]): boolean =>
    some.length > 0 && some.every((sample) => tests.some((test) => test(sample).must));
  if (holdsFor(samples)) return 'always holds';
  const comparesNumbers = nodes.flatMap(leavesOf).flatMap(operandsOf).some(isNumber);
  if (!comparesNumbers || !holdsFor(samples.filter(({ value }) => isNumber(value)))) return undefined;
  return 'holds for every number';
}

const isNumber = (value: unknown): boolean => typeof value === 'number' || typeof value === 'bigint';

/** If every comparison of texts ignores case, the same comparisons of texts without case: they need no `ignoreCase`. */
function comparable(nodes: readonly Node[]): readonly Node[] {
  const leaves = nodes.flatMap(leavesOf);
  const ignoring = leaves.filter(({ ignoreCase }) => ignoreCase === true);
  const others = leaves.filter(({ ignoreCase }) => ignoreCase !== true);
  if (ignoring.length === 0 || others.flatMap(operandsOf).some((operand) => typeof operand === 'string')) return nodes;
  return nodes.map((node) => withLeaves(node, (leaf) => (leaf.ignoreCase === true ? withoutCase(leaf) : leaf)));
}

/** Whether all of these require ends of which none is the end of the other. */
function haveDifferentEnds(nodes: readonly Node[]): boolean {
  const leaves = nodes.flatMap(requiredBy).filter(({ endsWith }) => endsWith !== undefined);
  const fold = leaves.some(({ ignoreCase }) => ignoreCase === true);
  const ends = leaves
    .map(({ endsWith = '' }) => (fold ? (foldCase(endsWith) as string) : endsWith))
    .sort((a, b) => a.length - b.length);
  return ends.some((end, index) => index > 0 && !end.endsWith(ends[index - 1] as string));
}

const requiredBy = (node: Node): LeafNode[] => {
  if ('all' in node) return node.all.flatMap(requiredBy);
  return 'any' in node || 'not' in node ? [] : [node];
};

/** With `for`, a leaf holds later than its comparison: it can hold, but never must. */
type Test = (sample: SampleValue) => { can: boolean; must: boolean };

function compile(node: Node): Test {
  if ('not' in node) {
    const test = compile(node.not);
    return (sample) => {
      const { can, must } = test(sample);
      return { can: !must, must: !can };
    };
  }
  if ('all' in node || 'any' in node) {
    const [parts, quantify] = 'all' in node ? [node.all, 'every' as const] : [node.any, 'some' as const];
    const tests = parts.map(compile);
    return (sample) => {
      const truths = tests.map((test) => test(sample));
      return { can: truths[quantify](({ can }) => can), must: truths[quantify](({ must }) => must) };
    };
  }
  return compileLeaf(node);
}

function compileLeaf(leaf: LeafNode): Test {
  // `flapping` has its own thresholds if none are given.
  if (Object.keys(comparisonOf(leaf)).length === 0) return () => ({ can: true, must: false });
  const comparison = inMilliseconds(leaf);
  const holds = compileComparison(comparison);
  const patterns = patternsOf(leaf);
  const others = Object.fromEntries(Object.entries(comparison).filter(([word]) => !patterns.includes(word)));
  const mayHold = compileComparison({ ...others, ignoreCase: false });
  const isConstant = !hasOperands(leaf);
  return ({ value, isOpen }) => {
    // No sample of texts represents all matches of a pattern: any text that the other comparisons accept may match.
    if (isOpen && patterns.length > 0) return { can: mayHold(value), must: false };
    return { can: holds(value), must: isConstant && leaf.for === undefined && holds(value) };
  };
}

/** The words whose result may differ for texts between the same two operands. */
function patternsOf(leaf: LeafNode): readonly string[] {
  const words = leaf.ignoreCase === true ? CASED : ['glob', 'contains', 'endsWith'];
  return words.filter((word) => {
    const operand = leaf[word as ComparisonWord];
    return operand !== undefined && (word !== 'glob' || leaf.ignoreCase === true || /[*?]/.test(operand as string));
  });
}
