import type { ComponentChildren } from 'preact';
import { Icon } from '../../ui/icon.tsx';
import { Check, Choice, NumberInput } from '../teaching/inputs.tsx';
import type { PlanDraft } from './plan-draft.ts';
import type { PlanForm } from './plan-editor.tsx';

/** Fields of a draft that hold what was typed. */
type TypedField = { [K in keyof PlanDraft]: PlanDraft[K] extends string ? K : never }[keyof PlanDraft];
type TickedField = { [K in keyof PlanDraft]: PlanDraft[K] extends boolean ? K : never }[keyof PlanDraft];

interface NamedProps<N> {
  readonly form: PlanForm;
  readonly name: N;
  readonly label: string;
  readonly hint?: string;
}

export const NumberField = ({ form, name, label, hint }: NamedProps<TypedField>) => (
  <NumberInput
    label={label}
    {...(hint !== undefined && { hint })}
    value={form.draft[name]}
    problem={form.problem(name)}
    onInput={(value) => form.set({ [name]: value })}
  />
);

interface ChoiceFieldProps extends NamedProps<TypedField> {
  readonly options: readonly (readonly [value: string, label: string])[];
}
export const ChoiceField = ({ form, name, label, hint, options }: ChoiceFieldProps) => (
  <Choice
    label={label}
    {...(hint !== undefined && { hint })}
    value={form.draft[name]}
    problem={form.problem(name)}
    onInput={(value) => form.set({ [name]: value })}
  >
    {options.map(([value, words]) => (
      <option key={value} value={value}>
        {words}
      </option>
    ))}
  </Choice>
);

export const TickField = ({ form, name, label, hint }: NamedProps<TickedField>) => (
  <Check
    label={label}
    {...(hint !== undefined && { hint })}
    checked={form.draft[name]}
    onChange={(checked) => form.set({ [name]: checked })}
  />
);

interface SectionProps {
  readonly title: string;
  readonly children: ComponentChildren;
}
export const Section = ({ title, children }: SectionProps) => (
  <section class="card">
    <div class="card-head">
      <h2>{title}</h2>
    </div>
    <div class="card-body stack">{children}</div>
  </section>
);

interface FoldedProps extends SectionProps {
  /** What lies behind it, for those who do not open it. */
  readonly note: string;
}
/** What most people leave as it is. */
export const Folded = ({ title, note, children }: FoldedProps) => (
  <details class="card disclosure folded">
    <summary>
      <Icon name="chevron" size={16} />
      <h2 class="folded-title">{title}</h2>
      <span class="disclosure-note">{note}</span>
    </summary>
    <div class="card-body stack">{children}</div>
  </details>
);

/** Fields that belong together, side by side where there is room. */
export const Group = ({ title, children }: SectionProps) => (
  <fieldset class="group field-group">
    <legend class="field-label">{title}</legend>
    <div class="fields">{children}</div>
  </fieldset>
);
