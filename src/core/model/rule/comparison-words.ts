/* The words of comparisons, without the schema library, which workflows do not load. */

/** The words that compare; `ignoreCase` only changes how. */
export const COMPARISONS = [
  ...(['equals', 'notEquals', 'in', 'notIn', 'gt', 'gte', 'lt', 'lte', 'between', 'exists'] as const),
  ...(['glob', 'contains', 'startsWith', 'endsWith'] as const),
] as const;

export type ComparisonWord = (typeof COMPARISONS)[number];

/** The comparisons that `ignoreCase` applies to. */
export const CASED: readonly string[] = ['equals', 'in', 'glob', 'contains', 'startsWith', 'endsWith'];

export const hasComparison = (leaf: object): boolean => COMPARISONS.some((word) => Object.hasOwn(leaf, word));

/** The comparison of a leaf, without its other fields. */
export const comparisonOf = <Leaf extends object>(leaf: Leaf): Pick<Leaf, Extract<keyof Leaf, Compared>> =>
  Object.fromEntries(Object.entries(leaf).filter(([word]) => COMPARED.has(word))) as Pick<
    Leaf,
    Extract<keyof Leaf, Compared>
  >;

type Compared = ComparisonWord | 'ignoreCase';
const COMPARED: ReadonlySet<string> = new Set([...COMPARISONS, 'ignoreCase']);

/** Whether a word of a leaf belongs to its comparison. */
export const isCompared = (word: string): boolean => COMPARED.has(word);
