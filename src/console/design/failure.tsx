/** What could not be loaded, and a way out. */
export const Failure = ({ text, onRetry }: { text: string; onRetry: () => void }) => (
  <div class="failure" role="alert">
    <p class="failure-text">{text}</p>
    <button type="button" onClick={onRetry}>
      Try again
    </button>
  </div>
);
