import { html, useEffect, type VNode } from 'htm/preact/standalone';
import type { Notice } from '../state.ts';

const SHOWN_MS = 6_000;

/** The result of the last button press, shown for 6 s. */
export function NoticeBar({ notice, dismiss }: { notice: Notice | null; dismiss: () => void }): VNode {
  useEffect(() => {
    if (!notice) return undefined;
    const timer = setTimeout(dismiss, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  const content = (shown: Notice): VNode => html`
    <p class=${shown.bad ? 'bad' : ''}>
      ${shown.text}<button class="quiet" aria-label="dismiss" onClick=${dismiss}>✕</button>
    </p>
  `;
  return html`<div class="notice" role="status" aria-label="notice">${notice && content(notice)}</div>`;
}
