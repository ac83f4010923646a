import { ChoiceField, IdField } from '../filter-fields.tsx';
import { DEAD_LETTER_ADVICE } from './reasons.ts';
import type { DeadLetterFilter } from './requests.ts';

interface Props extends DeadLetterFilter {
  onChange: (filter: DeadLetterFilter) => void;
}

export const DeadLetterFilters = ({ client, reason, onChange }: Props) => (
  <form class="filters" aria-label="filter" onSubmit={(event) => event.preventDefault()}>
    <IdField label="Client" value={client} onChange={(value) => onChange({ client: value })} />
    <ChoiceField label="Reason" value={reason} onChange={(value) => onChange({ reason: value })}>
      {Object.keys(DEAD_LETTER_ADVICE).map((each) => (
        <option key={each}>{each}</option>
      ))}
    </ChoiceField>
  </form>
);
