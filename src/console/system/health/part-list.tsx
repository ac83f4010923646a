import type { Health } from '../../server/wire.ts';

export const PartList = ({ parts }: { parts: Health['parts'] }) => (
  <ul class="parts" aria-label="parts">
    {Object.entries(parts).map(([name, { state, detail }]) => (
      <li key={name} data-part={state}>
        <i class="dot" aria-hidden="true" />
        <strong>{name}</strong>
        <span class="aside">
          {state}
          {detail !== undefined && `: ${detail}`}
        </span>
      </li>
    ))}
  </ul>
);
