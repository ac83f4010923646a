import type { Session } from '../server/wire.ts';

export type Section = 'health' | 'dead-letters' | 'audit' | 'quotas' | 'tokens';

interface Entry {
  section: Section;
  path: string;
  title: string;
}

const SECTIONS: readonly Entry[] = [
  { section: 'health', path: '/system', title: 'Health' },
  { section: 'dead-letters', path: '/system/dead-letters', title: 'Dead letters' },
  { section: 'audit', path: '/system/audit', title: 'Audit' },
  { section: 'quotas', path: '/system/quotas', title: 'Quotas' },
  { section: 'tokens', path: '/system/tokens', title: 'Tokens' },
];

/** The sections that a role may see. */
export const sectionsFor = (access: Session['access']): readonly Entry[] =>
  SECTIONS.filter(({ section }) => {
    const isAdmin = access?.role === 'admin';
    if (section === 'quotas') return isAdmin && access.clientId === null;
    return section !== 'tokens' || isAdmin;
  });
