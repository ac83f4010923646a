import { Pill } from '../../design/pill.tsx';
import { at } from '../../server/send.ts';
import type { RuleEntry } from '../../server/wire.ts';

export function RuleList({ clientId, rules }: { clientId: string; rules: readonly RuleEntry[] }) {
  return (
    <>
      <h3>Rules</h3>
      {rules.length === 0 ? (
        <p class="empty">
          No rules yet. Create one with: <code>vigil rules apply FILE</code>
        </p>
      ) : (
        <ul class="rules" aria-label={`rules of ${clientId}`}>
          {rules.map(({ rule, edition, status }) => (
            <li key={rule.id} data-status={status} aria-label={`${rule.id} is ${status}`}>
              <a class="title" href={at`/rules/${clientId}/${rule.id}`}>
                {rule.name ?? rule.id}
              </a>
              <span class="aside">
                {rule.id} · {edition === null ? 'many editions' : `edition ${edition}`}
              </span>
              <Pill text={status} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
