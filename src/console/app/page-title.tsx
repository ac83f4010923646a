import { useEffect } from 'preact/hooks';

interface PageTitleProps {
  text: string;
  /** Only for screen readers: the page shows what it is. */
  isUnseen?: boolean;
}

/** The heading of a page and of the browser's tab. Focus moves here when somebody comes to the page. */
export function PageTitle({ text, isUnseen = false }: PageTitleProps) {
  useEffect(() => {
    document.title = `${text} · vigil`;
  }, [text]);
  return (
    <h1 class={isUnseen ? 'page-title unseen' : 'page-title'} tabIndex={-1}>
      {text}
    </h1>
  );
}

/** Moves focus to the heading of the page, else to its content. */
export function focusPage(): void {
  const main = document.querySelector<HTMLElement>('main');
  (main?.querySelector<HTMLElement>('.page-title') ?? main)?.focus({ preventScroll: true });
}
