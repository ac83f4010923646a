import { useConsole } from '../app/console.ts';
import { NotFound } from '../app/not-found.tsx';
import { PageTitle } from '../app/page-title.tsx';
import { AuditSection } from './audit/audit-section.tsx';
import { DeadLettersSection } from './dead-letters/dead-letters-section.tsx';
import { HealthSection } from './health/health-section.tsx';
import { QuotasSection } from './quotas/quotas-section.tsx';
import { sectionsFor, type Section } from './sections.ts';
import { TokensSection } from './tokens/tokens-section.tsx';
import './system.css';

const CONTENT = {
  health: HealthSection,
  'dead-letters': DeadLettersSection,
  audit: AuditSection,
  quotas: QuotasSection,
  tokens: TokensSection,
} satisfies Record<Section, () => unknown>;

/** vigil itself: its health, what it could not read, who has changed what, and who may. */
export function SystemPage({ params }: { params?: { section?: string } }) {
  const { session } = useConsole();
  const sections = sectionsFor(session.access);
  const open = sections.find(({ section }) => section === (params?.section ?? 'health'));
  if (open === undefined) return <NotFound />;
  const Content = CONTENT[open.section];
  return (
    <div class="system">
      <PageTitle key={open.section} text={open.section === 'health' ? 'System' : open.title} />
      <nav class="tabs" aria-label="sections of the system">
        {sections.map(({ section, path, title }) => (
          <a key={section} href={path} aria-current={section === open.section ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <Content />
    </div>
  );
}
