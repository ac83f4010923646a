import type { ComponentChildren } from 'preact';
import { ErrorBoundary, useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { errorText } from '../../server/send.ts';
import { PageTitle } from '../page-title.tsx';

/** Shows the error of a page in its place: the frame and the other pages stay usable. */
export function PageBoundary({ children }: { children: ComponentChildren }) {
  const { path } = useLocation();
  const [failure, setFailure] = useState<{ path: string; text: string } | null>(null);
  if (failure === null || failure.path !== path)
    return (
      <ErrorBoundary
        onError={(error) => {
          console.error(error);
          setFailure({ path, text: errorText(error) });
        }}
      >
        {children}
      </ErrorBoundary>
    );
  return (
    <div class="empty-page">
      <PageTitle text="This page has failed" />
      <p>{failure.text}</p>
      <button onClick={() => setFailure(null)}>Try again</button>
    </div>
  );
}
