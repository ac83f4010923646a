/** What could not be read, and the way out. */
export const Failure = ({ text, retry }: { text: string; retry: () => void }) => (
  <div class="failure" role="alert">
    <p>{text}</p>
    <button type="button" onClick={retry}>
      Try again
    </button>
  </div>
);
