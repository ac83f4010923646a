export interface DiffLine {
  /** `skipped`: the text says how many lines are the same here. */
  kind: 'same' | 'added' | 'removed' | 'skipped';
  text: string;
}

/** Lines around a difference that are shown. */
const AROUND = 3;

/** The lines of two texts with what was removed and added; empty if they are the same. */
export async function lineDiff(before: string, after: string): Promise<DiffLine[]> {
  if (before === after) return [];
  const { diffLines } = await import('diff');
  const lines = diffLines(before, after).flatMap(({ value, added, removed }): DiffLine[] =>
    linesOf(value).map((text) => ({ kind: added ? 'added' : removed ? 'removed' : 'same', text })),
  );
  return withoutMiddle(lines);
}

const linesOf = (text: string): string[] => text.replace(/\n$/, '').split('\n');

/** Leaves out what is far from a difference. */
function withoutMiddle(lines: readonly DiffLine[]): DiffLine[] {
  const isNear = (index: number): boolean =>
    lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ kind }) => kind !== 'same');
  const shown: DiffLine[] = [];
  let skipped = 0;
  lines.forEach((line, index) => {
    if (!isNear(index)) {
      skipped += 1;
      return;
    }
    if (skipped > 0) shown.push(skippedLines(skipped));
    skipped = 0;
    shown.push(line);
  });
  return skipped > 0 ? [...shown, skippedLines(skipped)] : shown;
}

const skippedLines = (count: number): DiffLine => ({
  kind: 'skipped',
  text: `${count} ${count === 1 ? 'line' : 'lines'} the same`,
});
