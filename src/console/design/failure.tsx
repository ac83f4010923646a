/** What could not be loaded, why, and a way out. */
export function Failure({ what, error, onRetry }: { what: string; error: string; onRetry: () => void }) {
  return (
    <div class="failure" role="alert">
      <p>
        <strong>{what} could not be loaded.</strong> {error}
      </p>
      <button onClick={onRetry}>Try again</button>
    </div>
  );
}
