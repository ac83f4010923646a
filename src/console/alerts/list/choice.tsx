interface ChoiceProps<Value extends string> {
  name: string;
  value: Value;
  children: readonly (readonly [value: Value, text: string])[];
  onChange: (value: Value) => void;
}

/** One of a few values. */
export const Choice = <Value extends string>({ name, value, children, onChange }: ChoiceProps<Value>) => (
  <select
    class="field"
    aria-label={name}
    value={value}
    onChange={({ currentTarget }) => onChange(currentTarget.value as Value)}
  >
    {children.map(([each, text]) => (
      <option key={each} value={each}>
        {text}
      </option>
    ))}
  </select>
);
