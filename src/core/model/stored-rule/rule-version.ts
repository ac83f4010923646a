import type { Authorship, RuleEdit } from '../access/authorship.ts';
import type { CountedRule, RuleChange } from './stored-rule.ts';

export const VERSION_CHANGES = [
  ...(['created', 'changed', 'enabled', 'disabled', 'paused', 'resumed', 'rolledBack', 'deleted'] as const),
] as const;
export type VersionChange = (typeof VERSION_CHANGES)[number];

/** A version of a rule: what changed, who changed it, and from where. `from` is null if that is not known. */
export type RuleVersion = RuleChange & {
  change: VersionChange;
  by: Authorship['by'];
  from: Authorship['from'] | null;
  edition: CountedRule['edition'];
  /** Of a rollback: the version that is stored again. */
  restored?: number;
};

/** A stored change, and what is stored with it; null for changes that other programs or older builds have made. */
export interface EditedChange {
  change: RuleChange;
  edit: RuleEdit | null;
  edition: CountedRule['edition'];
}

/**
 * The editions of a rule's versions, oldest first; null for a deletion, and if the first one since is missing.
 * @param isWhole none is missing
 */
export function editionsOf(isDeletion: readonly boolean[], isWhole: boolean): CountedRule['edition'][] {
  let edition = isWhole ? 0 : null;
  return isDeletion.map((isDeleted) => {
    if (isDeleted) edition = 0;
    else if (edition !== null) edition += 1;
    return isDeleted ? null : edition;
  });
}

const EDITED = {
  ...{ enable: 'enabled', disable: 'disabled', pause: 'paused', resume: 'resumed', rollBack: 'rolledBack' },
} as const satisfies Record<string, VersionChange>;

/** @param edits oldest first; `isWhole`: none is missing */
export function versionsOf(edits: readonly EditedChange[], isWhole: boolean): RuleVersion[] {
  return edits.map(({ change, edit, edition }, index) => ({
    ...change,
    edition,
    change: changeOf(change, edit, edits[index - 1]?.change, isWhole),
    by: edit?.by ?? null,
    from: edit?.from ?? null,
    ...(edit?.restored !== undefined && { restored: edit.restored }),
  }));
}

/** The order of the bucket says what was created: a writer cannot know it, as another one may be faster. */
function changeOf(
  { kind }: RuleChange,
  edit: RuleEdit | null,
  before: RuleChange | undefined,
  isWhole: boolean,
): VersionChange {
  if (kind === 'delete') return 'deleted';
  const as = edit?.as;
  if (as !== undefined && as !== 'put' && as !== 'delete') return EDITED[as];
  const isFirst = before === undefined ? isWhole : before.kind === 'delete';
  return isFirst ? 'created' : 'changed';
}
