import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';

interface SelectProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly children: ComponentChildren;
  /** Its name, where no label is tied to it. */
  readonly label?: string;
  readonly name?: string;
  readonly id?: string;
  readonly 'aria-describedby'?: string | undefined;
  readonly 'aria-invalid'?: 'true' | undefined;
}

/** The system's own choice of one among many, with an arrow that fits the theme. */
export const Select = ({ value, onChange, children, label, ...control }: SelectProps) => (
  <div class="select">
    <select
      {...control}
      class="control"
      aria-label={label}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    >
      {children}
    </select>
    <Icon name="chevron" size={16} />
  </div>
);
