import { useLocation } from 'preact-iso';
import type { Health } from '../../server/wire.ts';

/** Why parts are degraded, oldest first. The system page says more about them. */
export function ReasonList({ health }: { health: Health | null }) {
  const { path } = useLocation();
  if (health === null || health.reasons.length === 0 || path === '/system') return null;
  const { reasons, reasonCount } = health;
  const more = reasonCount - reasons.length;
  return (
    <ul class="reasons" aria-label="degraded reasons">
      {reasons.map(({ part, code, message, since }) => (
        <li key={`${code} ${since} ${message}`} title={`${part}, since ${since}`}>
          <code>{code}</code> {message}
        </li>
      ))}
      {more > 0 && <li>and {more} more</li>}
    </ul>
  );
}
