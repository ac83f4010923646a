import { useEffect, useRef } from 'preact/hooks';
import type { LiveMessage } from '../../server/wire.ts';
import { useConsole } from '../console.ts';

interface Refresh {
  /** Which messages make it necessary. */
  when: (message: LiveMessage) => boolean;
  /** Calls are at least so far apart. */
  pauseMs: number;
  /** In case a message was missed, and for what has no messages. */
  pollMs: number;
}

/** Calls `refresh` after live messages, on reconnect, and now and then while the page is visible. */
export function useRefresh(refresh: () => void, { when, pauseMs, pollMs }: Refresh): void {
  const { live } = useConsole();
  const latest = useRef({ refresh, when });
  latest.current = { refresh, when };
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    let isFirst = true;
    const soon = (): void => {
      waiting ??= setTimeout(() => {
        waiting = undefined;
        latest.current.refresh();
      }, pauseMs);
    };
    const leave = live.listen({
      // The page loads by itself at first.
      connected() {
        if (!isFirst) soon();
      },
      messages(batch) {
        if (batch.some(latest.current.when)) soon();
      },
    });
    isFirst = false;
    const poll = setInterval(() => {
      if (!document.hidden) soon();
    }, pollMs);
    return () => {
      leave();
      clearInterval(poll);
      clearTimeout(waiting);
    };
  }, [pauseMs, pollMs]);
}
