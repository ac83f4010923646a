import type { Check } from './use-check.ts';

interface Props {
  check: Check;
  isUpToDate: boolean;
  hasComments: boolean;
}

/** What saving would do to what runs, by a dry run. */
export function WhatItDoes({ check: { tried }, isUpToDate, hasComments }: Props) {
  return (
    <section class="panel" aria-label="what saving does" aria-busy={!isUpToDate}>
      <header>
        <h2>What saving does</h2>
      </header>
      {tried === null ? (
        <p class="empty">vigil says it once the rule is valid.</p>
      ) : (
        <ul class="effects" aria-label="effects" data-resolves={tried.effects.resolvesAlerts}>
          {tried.effects.lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {hasComments && <p class="aside">vigil stores the rule without its comments.</p>}
    </section>
  );
}
