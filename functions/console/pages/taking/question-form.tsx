import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { number, t } from '../../i18n/index.ts';
import '../../i18n/taking.ts';
import { Field } from '../../ui/field.tsx';
import { ItemBody } from '../item-body/item-body.tsx';
import { type Draft, type Question, shownOptions, withOption } from './answers.ts';
import { isPlain, typedNumber } from './typed-number.ts';

interface QuestionFormProps {
  readonly question: Question;
  readonly draft: Draft | undefined;
  readonly onChange: (draft: Draft) => void;
  /** Enter, and the button that the page puts below. */
  readonly onSubmit?: () => void;
  readonly heading: ComponentChildren;
  readonly disabled?: boolean;
  readonly children?: ComponentChildren;
}

/**
 * One question with the means to answer it. The keys 1 to 9 choose while the focus is inside, and only then: keys of
 * one character that work everywhere get in the way of speech input (WCAG 2.1.4).
 */
export function QuestionForm(props: QuestionFormProps) {
  const { question, heading, disabled, onChange, onSubmit, draft, children } = props;
  const id = useId();
  const byKey = (event: KeyboardEvent) => {
    if (disabled || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target;
    if (event.key === 'Enter' && target instanceof HTMLElement && target.matches('h2, form')) {
      event.preventDefault();
      onSubmit?.();
      return;
    }
    if (question.kind !== 'choice' && question.kind !== 'multi') return;
    const place = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : -1;
    const option = shownOptions(question)[place];
    if (!option || !(event.currentTarget instanceof HTMLElement)) return;
    event.preventDefault();
    event.currentTarget.querySelectorAll<HTMLInputElement>('.option input')[place]?.focus();
    onChange(withOption(question.kind, draft, option.position));
  };
  return (
    <form
      class="question"
      noValidate
      aria-labelledby={`${id}-number`}
      tabIndex={-1}
      onKeyDown={byKey}
      onSubmit={(event) => {
        event.preventDefault();
        if (!disabled) onSubmit?.();
      }}
    >
      <h2 id={`${id}-number`} tabIndex={-1}>
        {heading}
      </h2>
      <div class="question-body">
        <ItemBody text={question.body} />
      </div>
      <Control {...props} id={id} />
      {children}
    </form>
  );
}

type ControlProps = QuestionFormProps & { readonly id: string };

function Control(props: ControlProps) {
  if (props.question.kind === 'choice' || props.question.kind === 'multi') return <Options {...props} />;
  return props.question.kind === 'numeric' ? <NumberField {...props} /> : <TextField {...props} />;
}

function Options({ question, draft, onChange, disabled, id }: ControlProps) {
  const single = question.kind === 'choice';
  const kind = single ? 'choice' : 'multi';
  const group = { role: single ? 'radiogroup' : 'group', 'aria-labelledby': `${id}-number` } as const;
  const isChosen = (position: number) =>
    Array.isArray(draft) ? draft.includes(position) : draft === position;
  return (
    <div class="options-of" {...group}>
      {!single && <p class="small muted">{t('question.several')}</p>}
      {shownOptions(question).map(({ position, body }, place) => (
        <label key={position} class="option">
          <input
            type={single ? 'radio' : 'checkbox'}
            name={`${id}-option`}
            checked={isChosen(position)}
            disabled={disabled}
            onChange={() => onChange(withOption(kind, draft, position))}
          />
          <span class="option-key">{place + 1}</span>
          <ItemBody text={body} asName />
        </label>
      ))}
    </div>
  );
}

function NumberField({ draft, onChange, disabled }: ControlProps) {
  const typed = typeof draft === 'string' ? draft : '';
  const value = typedNumber(typed);
  const isOdd = typed.trim() !== '' && value === undefined;
  const read =
    value !== undefined && !isPlain(typed) ? t('question.readAs', { value: number(value, 12) }) : '';
  return (
    <Field
      label={t('question.number')}
      hint={read === '' ? t('question.numberHint') : read}
      problem={isOdd ? t('question.noNumber') : undefined}
    >
      {(control) => (
        <input
          {...control}
          class="control short"
          type="text"
          inputMode="decimal"
          autoComplete="off"
          maxLength={40}
          disabled={disabled}
          value={typed}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
      )}
    </Field>
  );
}

const TextField = ({ draft, onChange, disabled }: ControlProps) => (
  <Field label={t('question.text')}>
    {(control) => (
      <input
        {...control}
        type="text"
        autoComplete="off"
        autoCapitalize="off"
        spellcheck={false}
        maxLength={200}
        disabled={disabled}
        value={typeof draft === 'string' ? draft : ''}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    )}
  </Field>
);
