import { useEffect } from 'preact/hooks';
import { useConsole } from '../console.ts';

const SHOWN_MS = 6_000;

/** The result of the last action, shown for 6 s. */
export function NoticeBar() {
  const { notice, dismiss } = useConsole();
  const shown = notice.value;
  useEffect(() => {
    if (shown === null) return undefined;
    const timer = setTimeout(dismiss, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown]);
  return (
    <div class="notice" role="status" aria-label="notice">
      {shown && (
        <p class={shown.bad ? 'bad' : ''}>
          {shown.text}
          <button class="quiet" aria-label="dismiss" onClick={dismiss}>
            ✕
          </button>
        </p>
      )}
    </div>
  );
}
