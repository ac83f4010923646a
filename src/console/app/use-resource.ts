import { useEffect, useRef, useState } from 'preact/hooks';
import { errorText } from '../server/send.ts';

export interface Resource<T> {
  /** What was loaded last; null before. It stays while it is loaded again. */
  value: T | null;
  /** Why the last load failed; null if it did not. */
  error: string | null;
  reload: () => void;
}

/** Loads something again when one of the inputs changes, and forgets what it had. Old answers are dropped. */
export function useResource<T>(load: () => Promise<T>, inputs: readonly unknown[]): Resource<T> {
  const [{ value, error }, set] = useState<{ value: T | null; error: string | null }>({ value: null, error: null });
  const newest = useRef(0);
  const reload = (): void => {
    const turn = ++newest.current;
    load().then(
      (loaded) => turn === newest.current && set({ value: loaded, error: null }),
      (failure: unknown) =>
        turn === newest.current && set(({ value: before }) => ({ value: before, error: errorText(failure) })),
    );
  };
  useEffect(() => {
    set({ value: null, error: null });
    reload();
    return () => {
      newest.current++;
    };
  }, inputs);
  return { value, error, reload };
}
