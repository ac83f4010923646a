import { useResource } from '../../../app/loading/use-resource.ts';
import { lineDiff, type DiffLine } from './line-diff.ts';

const MARKS: Record<DiffLine['kind'], string> = { same: ' ', added: '+', removed: '−', skipped: '⋯' };

/** What differs between two versions, as YAML. */
export function DiffView({ before, after, label }: { before: string; after: string; label: string }) {
  const diff = useResource(() => lineDiff(before, after), [before, after]);
  if (diff.value === null) return null;
  if (diff.value.length === 0) return <p class="empty">Both say the same.</p>;
  return (
    <ol class="diff" aria-label={label} tabIndex={0}>
      {diff.value.map(({ kind, text }, index) => (
        <li key={index} data-kind={kind}>
          <span aria-hidden="true">{MARKS[kind]}</span>
          {kind !== 'same' && kind !== 'skipped' && <span class="unseen">{kind}: </span>}
          {text}
        </li>
      ))}
    </ol>
  );
}
