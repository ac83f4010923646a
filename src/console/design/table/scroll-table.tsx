import type { ComponentChildren } from 'preact';

interface Props {
  /** What it lists, for screen readers. */
  label: string;
  heads: readonly string[];
  /** The head of a first column of controls. */
  controls?: ComponentChildren;
  /** The rows. */
  children: ComponentChildren;
}

/** A table that scrolls sideways where the page is narrow, also by the keyboard. */
export const ScrollTable = ({ label, heads, controls, children }: Props) => (
  <div class="scroll" tabIndex={0} role="region" aria-label={label}>
    <table class="table">
      <thead>
        <tr>
          {controls}
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
);
