import { useEffect, useRef } from 'preact/hooks';

const QUESTION = 'Leave the editor? Your changes are not saved.';

/** Asks before unsaved changes are given up for another page. Returns how to leave without a question. */
export function useLeaveGuard(isDirty: boolean, giveUp: () => void): () => void {
  const isAsking = useRef(isDirty);
  isAsking.current = isDirty;
  useEffect(() => {
    const mayLeave = (): boolean => !isAsking.current || confirm(QUESTION);
    const onUnload = (event: BeforeUnloadEvent): void => {
      if (isAsking.current) event.preventDefault();
    };
    // Before the router sees it.
    const onClick = (event: MouseEvent): void => {
      const link = event.target instanceof Element ? event.target.closest('a[href]:not([target])') : null;
      if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (mayLeave()) {
        giveUp();
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener('beforeunload', onUnload);
    addEventListener('click', onClick, { capture: true });
    return () => {
      removeEventListener('beforeunload', onUnload);
      removeEventListener('click', onClick, { capture: true });
    };
  }, []);
  return () => {
    isAsking.current = false;
  };
}
