import { DEAD_LETTER_ADVICE } from './reasons.ts';
import type { DeadLetterFilter } from './requests.ts';

interface Props extends DeadLetterFilter {
  onChange: (filter: DeadLetterFilter) => void;
}

export const DeadLetterFilters = ({ client, reason, onChange }: Props) => (
  <form class="filters" aria-label="filter" onSubmit={(event) => event.preventDefault()}>
    <label>
      Client
      <input
        type="search"
        value={client ?? ''}
        placeholder="all"
        maxLength={64}
        onChange={({ currentTarget: { value } }) => onChange({ client: value.trim() })}
      />
    </label>
    <label>
      Reason
      <select value={reason ?? ''} onChange={({ currentTarget: { value } }) => onChange({ reason: value })}>
        <option value="">all</option>
        {Object.keys(DEAD_LETTER_ADVICE).map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    </label>
  </form>
);
