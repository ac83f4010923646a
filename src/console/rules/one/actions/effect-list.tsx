import type { Resource } from '../../../app/loading/use-resource.ts';
import { Failure } from '../../../design/failure.tsx';
import type { Effects } from '../../types.ts';

/** What a change would do to the running state, by a dry run. */
export function EffectList({ tried: { value, error, reload } }: { tried: Resource<{ effects: Effects }> }) {
  if (value === null)
    return error === null ? <p class="empty">Trying it …</p> : <Failure text={error} onRetry={reload} />;
  return (
    <ul class="effects" aria-label="what it does">
      {value.effects.lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
