import { useLocation } from 'preact-iso';

const PAGES: readonly [path: string, name: string][] = [
  ['/', 'Machines'],
  ['/alerts', 'Alerts'],
  ['/rules', 'Rules'],
  ['/system', 'System'],
];

/** The pages of the console. */
export function Navigation() {
  const { path } = useLocation();
  const isOn = (page: string): boolean => (page === '/' ? path === '/' : path.startsWith(page));
  return (
    <nav class="pages" aria-label="pages">
      {PAGES.map(([page, name]) => (
        <a key={page} href={page} aria-current={isOn(page) ? 'page' : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}
