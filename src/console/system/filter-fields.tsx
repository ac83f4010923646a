import type { ComponentChildren } from 'preact';

/* The fields of a filter. An empty one lets everything through. */

interface FieldProps {
  label: string;
  value: string | undefined;
  onChange: (value: string) => void;
}

/** The id of a client or a rule. */
export const IdField = ({ label, value, onChange }: FieldProps) => (
  <label>
    {label}
    <input
      type="search"
      value={value ?? ''}
      placeholder="all"
      maxLength={64}
      onChange={({ currentTarget }) => onChange(currentTarget.value.trim())}
    />
  </label>
);

/** One of some; `all`: the name of the option that lets everything through. The children are the other options. */
export const ChoiceField = ({
  label,
  value,
  onChange,
  all = 'all',
  children,
}: FieldProps & { all?: string; children: ComponentChildren }) => (
  <label>
    {label}
    <select value={value ?? ''} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
      <option value="">{all}</option>
      {children}
    </select>
  </label>
);
