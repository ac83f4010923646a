import { useEffect, useRef, useState } from 'preact/hooks';
import { Failure } from '../../../design/failure.tsx';
import { errorText } from '../../../server/send.ts';
import type { Preview, PreviewProgress } from '../../types.ts';
import { previewRule } from './preview-requests.ts';
import { PreviewResult } from './preview-result.tsx';

const SINCE = [
  ['1h', 'the last hour'],
  ['6h', 'the last 6 hours'],
  ['24h', 'the last 24 hours'],
  ['7d', 'the last 7 days'],
] as const;

interface Props {
  clientId: string;
  text: string;
  /** Whether the rule is valid. */
  isReady: boolean;
}

interface Done {
  /** Of which text. */
  text: string;
  result: Preview;
}

/** What the rule would have done on real events, before it is saved. */
export function PreviewPanel({ clientId, text, isReady }: Props) {
  const [since, setSince] = useState<string>('6h');
  const [progress, setProgress] = useState<PreviewProgress | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const [error, setError] = useState<string | null>(null);
  const running = useRef<AbortController | null>(null);
  const stop = (): void => {
    running.current?.abort();
    running.current = null;
    setProgress(null);
  };
  useEffect(() => () => running.current?.abort(), []);
  const start = (): void => {
    stop();
    const { signal } = (running.current = new AbortController());
    setError(null);
    setProgress({ read: 0, total: 0 });
    previewRule({ clientId, yaml: text, since, signal, onProgress: setProgress }).then(
      (result) => {
        if (signal.aborted) return;
        setDone({ text, result });
        setProgress(null);
      },
      (failure: unknown) => {
        if (signal.aborted) return;
        setError(errorText(failure));
        setProgress(null);
      },
    );
  };
  return (
    <section class="panel preview" aria-label="preview">
      <header>
        <h2>Preview</h2>
        <div class="group">
          <select
            class="field"
            aria-label="events of the preview"
            value={since}
            onChange={({ currentTarget }) => setSince(currentTarget.value)}
          >
            {SINCE.map(([duration, name]) => (
              <option key={duration} value={duration}>
                {name}
              </option>
            ))}
          </select>
          {progress === null ? (
            <button type="button" disabled={!isReady} onClick={start}>
              Preview
            </button>
          ) : (
            <button type="button" onClick={stop}>
              Stop
            </button>
          )}
        </div>
      </header>
      {progress !== null && <Progress progress={progress} />}
      {error !== null && <Failure text={error} onRetry={start} />}
      {done !== null && progress === null && error === null && (
        <PreviewResult result={done.result} isOld={done.text !== text} />
      )}
      {done === null && progress === null && error === null && (
        <p class="empty">See what the rule would have done on the events that vigil has. Nothing is stored or sent.</p>
      )}
    </section>
  );
}

const Progress = ({ progress: { read, total } }: { progress: PreviewProgress }) => (
  <div class="progress">
    <progress aria-label="progress of the preview" max={Math.max(1, total)} value={read} />
    <span class="aside">
      {read.toLocaleString()} of {total.toLocaleString()} events
    </span>
  </div>
);
