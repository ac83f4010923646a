import { useEffect, useRef } from 'preact/hooks';
import { useRefresh } from './use-refresh.ts';
import { useResource, type Resource } from './use-resource.ts';

/** What changes without live messages. */
const never = (): boolean => false;

/**
 * What vigil answers, asked again after a reconnect and every `pollMs`.
 * @param key changes with what is asked for: the old answer then goes
 * @param more changes with how much is asked for: the old answer stays until the new one is there
 */
export function useLoaded<T>(key: string, load: () => Promise<T>, pollMs: number, more?: unknown): Resource<T> {
  const resource = useResource(load, [key]);
  const { reload } = resource;
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) reload();
    isFirst.current = false;
  }, [more]);
  useRefresh(reload, { when: never, pauseMs: 0, pollMs });
  return resource;
}
