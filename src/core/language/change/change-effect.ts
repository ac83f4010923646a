import type { LOST_PARTS } from '../../evaluation/correction/lost-state.ts';

/** From the least to the most that a change does to the running state of a rule. */
export const CHANGE_KINDS = [
  ...(['nothing', 'starts', 'keepsAll', 'judgesAgain', 'resetsConditions', 'beginsAnew', 'ends'] as const),
] as const;

/** What a change of a rule does to its running partition sets. */
export interface ChangeEffect {
  kind: (typeof CHANGE_KINDS)[number];
  /** Alerts that fire resolve, whatever their condition says. */
  resolvesAlerts: boolean;
  /** What begins with the change although the partitions continue. */
  begins: Beginning[];
  /** The rule's `backfill`, if its sets begin with events from before the change. */
  primedFrom?: string;
  /** The same for people, a sentence or two each. */
  lines: string[];
}

export interface Beginning {
  /**
   * `values`: those that a condition calculates with; `time`: since when it holds; `fill`: since when its window fills
   * (`whenFull`); `levels`: since when each level holds; `matches`: partial matches of a sequence; `settings`: values
   * that settings brought.
   */
  part: (typeof LOST_PARTS)[number];
  /** The condition, if it is about one; long texts are cut. */
  condition?: string;
}
