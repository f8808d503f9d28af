import type { ComponentChildren } from 'preact';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';

interface InputProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly problem?: string | undefined;
  readonly hint?: string;
  readonly optional?: boolean;
}

export const TextInput = ({ label, value, onInput, list, ...field }: InputProps & { list?: string }) => (
  <Field label={label} {...field}>
    {(control) => (
      <input
        {...control}
        list={list}
        value={value}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
    )}
  </Field>
);

interface NumberInputProps extends InputProps {
  readonly placeholder?: string;
}
/** Text with the keys for numbers: what is no number stays as typed and is refused at its field. */
export const NumberInput = ({ label, value, onInput, placeholder, ...field }: NumberInputProps) => (
  <Field label={label} {...field}>
    {(control) => (
      <input
        {...control}
        inputMode="decimal"
        autoComplete="off"
        placeholder={placeholder}
        value={value}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
    )}
  </Field>
);

/** Day and time of day, in the time zone that the page names. */
export const DateInput = ({ label, value, onInput, ...field }: InputProps) => (
  <Field label={label} {...field}>
    {(control) => (
      <input
        {...control}
        type="datetime-local"
        value={value}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
    )}
  </Field>
);

interface AreaProps extends InputProps {
  readonly rows?: number;
  readonly code?: boolean;
}
export const Area = ({ label, value, onInput, rows = 3, code, ...field }: AreaProps) => (
  <Field label={label} {...field}>
    {(control) => (
      <textarea
        {...control}
        class={code ? 'control code-input' : 'control'}
        rows={rows}
        spellcheck={code ? false : undefined}
        autoCapitalize={code ? 'off' : undefined}
        value={value}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
    )}
  </Field>
);

interface ChoiceProps extends InputProps {
  readonly children: ComponentChildren;
}
export const Choice = ({ label, value, onInput, children, ...field }: ChoiceProps) => (
  <Field label={label} {...field}>
    {({ class: _, ...control }) => (
      <Select {...control} value={value} onChange={onInput}>
        {children}
      </Select>
    )}
  </Field>
);

interface CheckProps {
  readonly label: string;
  readonly hint?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}
export const Check = ({ label, hint, checked, onChange }: CheckProps) => (
  <label class="check check-block">
    <input
      type="checkbox"
      checked={checked}
      onChange={({ currentTarget }) => onChange(currentTarget.checked)}
    />
    <span>
      {label}
      {hint !== undefined && <small>{hint}</small>}
    </span>
  </label>
);
