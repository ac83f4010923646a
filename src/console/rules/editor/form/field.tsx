import { useId, useState } from 'preact/hooks';
import type { Issue } from '../check/issues.ts';

interface Props {
  label: string;
  value: string;
  onInput: (text: string) => void;
  /** The problem of this word, if it has one. */
  issue?: Issue | undefined;
  placeholder?: string;
  isFixed?: boolean;
  /** Only for screen readers: the place says what it is. */
  isBare?: boolean;
  /** What can be chosen instead of written. */
  suggestions?: readonly string[];
}

/** A line of text in the form. While somebody writes, it keeps what they wrote. */
export function Field({
  label,
  value,
  onInput,
  issue,
  placeholder,
  isFixed = false,
  isBare = false,
  suggestions = [],
}: Props) {
  const [written, write] = useState<string | null>(null);
  const id = useId();
  return (
    <div class="form-field">
      <label for={id} class={isBare ? 'unseen' : undefined}>
        {label}
      </label>
      <input
        {...{ id, placeholder, readOnly: isFixed, class: 'field', autocomplete: 'off', spellcheck: false }}
        value={written ?? value}
        aria-invalid={issue !== undefined}
        aria-describedby={issue === undefined ? undefined : `${id}-issue`}
        list={suggestions.length === 0 ? undefined : `${id}-list`}
        onInput={({ currentTarget }) => {
          write(currentTarget.value);
          onInput(currentTarget.value);
        }}
        onBlur={() => write(null)}
      />
      {suggestions.length > 0 && (
        <datalist id={`${id}-list`}>
          {suggestions.map((text) => (
            <option key={text} value={text} />
          ))}
        </datalist>
      )}
      {issue !== undefined && (
        <p class="issue-text" id={`${id}-issue`}>
          {issue.message}
        </p>
      )}
    </div>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  /** Words and what they are called. */
  choices: readonly (readonly [word: string, name: string])[];
  onChoose: (word: string) => void;
  isBare?: boolean;
  isFixed?: boolean;
}

export function Choose({ label, value, choices, onChoose, isBare = false, isFixed = false }: ChoiceProps) {
  const id = useId();
  const isKnown = choices.some(([word]) => word === value);
  return (
    <div class="form-field">
      <label for={id} class={isBare ? 'unseen' : undefined}>
        {label}
      </label>
      <select
        {...{ id, class: 'field', disabled: isFixed }}
        value={value}
        onChange={({ currentTarget }) => onChoose(currentTarget.value)}
      >
        {!isKnown && <option value={value}>{value === '' ? '–' : value}</option>}
        {choices.map(([word, name]) => (
          <option key={word} value={word}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
