import { PageTitle } from './page-title.tsx';

export function NotFound() {
  return (
    <div class="empty-page">
      <PageTitle text="This page does not exist" />
      <p>
        <a href="/">Back to the machines</a>
      </p>
    </div>
  );
}
