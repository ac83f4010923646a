import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { errorText } from '../server/send.ts';
import { useConsole } from './console.ts';

export interface Loaded<T> {
  /** The newest answer; null before the first one. It stays while vigil does not answer. */
  value: T | null;
  /** Why the newest request failed; null if it has not. */
  error: string | null;
  refresh: () => void;
}

/**
 * What vigil answers, asked again after a reconnect and every `everyMs`.
 * @param key changes with what is asked for: the old answer then goes
 * @param more changes with how much is asked for: the old answer stays until the new one is there
 */
export function useLoaded<T>(key: string, load: () => Promise<T>, everyMs: number, more?: unknown): Loaded<T> {
  const { live } = useConsole();
  const [answer, setAnswer] = useState<{ key: string; value: T } | null>(null);
  const [failure, setFailure] = useState<{ key: string; error: string } | null>(null);
  const newest = useRef(0);
  const refresh = useCallback(() => {
    const request = ++newest.current;
    const isNewest = (): boolean => request === newest.current;
    load().then(
      (value) => {
        if (!isNewest()) return;
        setAnswer({ key, value });
        setFailure(null);
      },
      (error: unknown) => {
        if (isNewest()) setFailure({ key, error: errorText(error) });
      },
    );
  }, [key, more]);

  useEffect(() => {
    refresh();
    let isFirst = true;
    const leave = live.listen({
      connected() {
        if (!isFirst) refresh();
      },
    });
    isFirst = false;
    const timer = setInterval(() => {
      if (!document.hidden) refresh();
    }, everyMs);
    return () => {
      newest.current += 1;
      leave();
      clearInterval(timer);
    };
  }, [refresh]);
  return {
    value: answer?.key === key ? answer.value : null,
    error: failure?.key === key ? failure.error : null,
    refresh,
  };
}
