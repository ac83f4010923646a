import { useEffect, useRef } from 'preact/hooks';
import type { Resource } from '../../../app/loading/use-resource.ts';
import { Ago } from '../../../design/time/ago.tsx';
import { Failure } from '../../../design/failure.tsx';
import { withLocalTimes } from '../../../design/time/time.ts';
import type { Explanation } from '../../types.ts';

interface Props {
  title: string;
  found: Resource<Explanation | null>;
  /** Without it, nothing can be closed. */
  onClose?: () => void;
}

/** In words: why it fires or not, and what happens without another event. */
export function ExplanationPanel({ title, found: { value, error, reload }, onClose }: Props) {
  const panel = useRef<HTMLElement>(null);
  // On a narrow screen it is below the table.
  useEffect(() => {
    if (onClose) panel.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <aside ref={panel} class="explanation" aria-label="explanation">
      <header>
        <h3>Why?</h3>
        {onClose && (
          <button type="button" class="quiet" aria-label="close the explanation" onClick={onClose}>
            ✕
          </button>
        )}
      </header>
      <p class="subject">{title}</p>
      {error !== null && <Failure text={error} onRetry={reload} />}
      {value === null && error === null && <p class="empty">Asking its workflow …</p>}
      {value !== null && (
        <>
          <ul class="lines" aria-live="polite">
            {wordsOf(value).map((line, index) => (
              <li key={index} data-depth={Math.min(3, depthOf(line))}>
                {withLocalTimes(line.trim())}
              </li>
            ))}
          </ul>
          <Ahead next={value.next} />
          <p class="aside">
            As of <Ago time={value.at} />
          </p>
        </>
      )}
    </aside>
  );
}

function Ahead({ next }: { next: Explanation['next'] }) {
  if (next.length === 0) return null;
  return (
    <>
      <h3>Without another event</h3>
      <ol>
        {next.map(({ at, what }) => (
          <li key={`${at} ${what}`}>
            <Ago time={at} />: {what}
          </li>
        ))}
      </ol>
    </>
  );
}

/** What is ahead is the end of the text, and has a list of its own. */
const wordsOf = ({ text, next }: Explanation): string[] => (next.length === 0 ? text : text.slice(0, -next.length - 1));

const depthOf = (line: string): number => Math.floor((/^ */.exec(line)?.[0].length ?? 0) / 2);
