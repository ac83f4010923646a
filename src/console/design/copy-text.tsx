import { useState } from 'preact/hooks';

/** Text to copy, such as a command. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    // Without TLS, a browser copies only from localhost; the text can be selected.
    (navigator as Partial<Navigator>).clipboard?.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div class="copy-text">
      <pre tabIndex={0} aria-label={label}>
        {text}
      </pre>
      <button type="button" aria-label={`copy ${label}`} onClick={copy}>
        {isCopied ? 'Copied' : 'Copy'}
      </button>
    </div>
  );
}
