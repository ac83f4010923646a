import { Failure } from '../../../design/failure.tsx';
import type { Issue } from './issues.ts';
import type { Check } from './use-check.ts';

interface Props {
  check: Check;
  isUpToDate: boolean;
  onSelect: (issue: Issue) => void;
}

/** What is wrong with the rule, by line. A click goes there. */
export function IssueList({ check, isUpToDate, onSelect }: Props) {
  const { issues, error, tried, isChanged, again } = check;
  if (isUpToDate && error !== null) return <Failure text={error} onRetry={again} />;
  // The conflict says what to do.
  if (isUpToDate && isChanged) return null;
  if (issues.length === 0)
    return (
      <p class="check-state" role="status" data-state={isUpToDate && tried !== null ? 'valid' : 'checking'}>
        {isUpToDate && tried !== null ? '✓ The rule is valid' : 'Checking …'}
      </p>
    );
  return (
    <ul class="issues" aria-label="problems" aria-live="polite">
      {issues.map((issue) => (
        <li key={`${issue.line} ${issue.path} ${issue.message}`}>
          <button type="button" class="quiet" onClick={() => onSelect(issue)}>
            <span class="line">Line {issue.line}</span>{' '}
            <span>
              {issue.path !== '' && <code>{issue.path}</code>} {issue.message}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
