import { PageTitle } from '../app/page-title.tsx';
export function SystemPage() {
  return <PageTitle text="System" />;
}
