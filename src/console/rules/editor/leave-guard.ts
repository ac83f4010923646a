import { useEffect, useRef } from 'preact/hooks';

const QUESTION = 'Leave the editor? Your changes are not saved.';

/** Asks before the page with unsaved changes is left. Returns how to leave without a question. */
export function useLeaveGuard(isDirty: boolean): () => void {
  const isAsking = useRef(isDirty);
  isAsking.current = isDirty;
  useEffect(() => {
    const here = location.href;
    const mayLeave = (): boolean => !isAsking.current || confirm(QUESTION);
    const onUnload = (event: BeforeUnloadEvent): void => {
      if (isAsking.current) event.preventDefault();
    };
    // Before the router sees them.
    const onClick = (event: MouseEvent): void => {
      const link = event.target instanceof Element ? event.target.closest('a[href]:not([target])') : null;
      if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || mayLeave()) return;
      event.preventDefault();
      event.stopPropagation();
    };
    const onBack = (event: PopStateEvent): void => {
      if (mayLeave()) return;
      event.stopImmediatePropagation();
      history.pushState(null, '', here);
    };
    addEventListener('beforeunload', onUnload);
    addEventListener('click', onClick, { capture: true });
    addEventListener('popstate', onBack, { capture: true });
    return () => {
      removeEventListener('beforeunload', onUnload);
      removeEventListener('click', onClick, { capture: true });
      removeEventListener('popstate', onBack, { capture: true });
    };
  }, []);
  return () => {
    isAsking.current = false;
  };
}
