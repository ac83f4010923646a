import { useEffect, useRef, useState } from 'preact/hooks';
import { errorText } from '../../server/send.ts';

export interface Resource<T> {
  /** What was loaded last; null before. It stays while it is loaded again. */
  value: T | null;
  /** Why the last load failed; null if it did not. */
  error: string | null;
  reload: () => void;
}

interface Found<T> {
  value: T | null;
  error: string | null;
  /** For which it was loaded. */
  inputs: readonly unknown[];
}

/** Loads something again when one of the inputs changes, and forgets what it had. Old answers are dropped. */
export function useResource<T>(load: () => Promise<T>, inputs: readonly unknown[]): Resource<T> {
  const [found, set] = useState<Found<T>>({ value: null, error: null, inputs });
  const newest = useRef(0);
  const reload = (): void => {
    const turn = ++newest.current;
    load().then(
      (value) => turn === newest.current && set({ value, error: null, inputs }),
      (failure: unknown) =>
        turn === newest.current &&
        set((before) => ({ value: isOf(before, inputs) ? before.value : null, error: errorText(failure), inputs })),
    );
  };
  useEffect(() => {
    reload();
    return () => {
      newest.current++;
    };
  }, inputs);
  const { value, error } = isOf(found, inputs) ? found : { value: null, error: null };
  return { value, error, reload };
}

const isOf = <T>(found: Found<T>, inputs: readonly unknown[]): boolean =>
  found.inputs.every((input, index) => Object.is(input, inputs[index]));
