import { useClasses } from '../../data/classes.ts';
import { t } from '../../i18n/index.ts';
import { ClassSelect } from '../../ui/class-select.tsx';
import { Field } from '../../ui/field.tsx';
import { Area, Check, Choice, DateInput, NumberInput, TextInput } from '../teaching/inputs.tsx';
import type { QuizForm } from './write-quiz.tsx';

interface Props {
  readonly form: QuizForm;
  readonly isNew: boolean;
}

/** What it is called, and for whom it is. */
export function AboutQuiz({ form, isNew }: Props) {
  const { draft } = form;
  const classes = useClasses().data ?? [];
  return (
    <section class="card">
      <div class="card-head">
        <h2>{t('writeQuiz.about')}</h2>
      </div>
      <div class="card-body stack">
        <TextInput
          label={t('writeQuiz.name')}
          value={draft.title}
          problem={form.problem('title')}
          onInput={(title) => form.set({ title })}
        />
        {isNew && (
          <Field label={t('writeQuiz.class')} problem={form.problem('class_id')}>
            {({ class: _, ...control }) => (
              <ClassSelect
                {...control}
                classes={classes}
                none={t('writeQuiz.chooseClass')}
                value={draft.class_id}
                onChange={(class_id) => form.set({ class_id })}
              />
            )}
          </Field>
        )}
        <Area
          label={t('writeQuiz.description')}
          optional
          rows={2}
          value={draft.description}
          problem={form.problem('description')}
          onInput={(description) => form.set({ description })}
        />
      </div>
    </section>
  );
}

/** When, how long, how often, and what is shown afterwards. */
export function QuizRules({ form, zone, isNew }: Props & { zone: string }) {
  const { draft } = form;
  return (
    <>
      <section class="card">
        <div class="card-head">
          <h2>{t('writeQuiz.time')}</h2>
        </div>
        <div class="card-body stack">
          <div class="two">
            <DateInput
              label={t('writeQuiz.opens')}
              hint={t('assign.opensHint')}
              value={draft.opens_at}
              problem={form.problem('opens_at')}
              optional
              onInput={(opens_at) => form.set({ opens_at })}
            />
            <DateInput
              label={t('writeQuiz.due')}
              hint={t('assign.zone', { zone })}
              value={draft.due_at}
              problem={form.problem('due_at')}
              optional
              onInput={(due_at) => form.set({ due_at })}
            />
          </div>
          <div class="two">
            <NumberInput
              label={t('writeQuiz.minutes')}
              hint={t('writeQuiz.minutesHint')}
              value={draft.minutes}
              problem={form.problem('minutes')}
              onInput={(minutes) => form.set({ minutes })}
            />
            <NumberInput
              label={t('writeQuiz.attempts')}
              hint={t('writeQuiz.attemptsHint')}
              value={draft.max_attempts}
              problem={form.problem('max_attempts')}
              onInput={(max_attempts) => form.set({ max_attempts })}
            />
          </div>
          <div class="two">
            <Words
              form={form}
              name="late_policy"
              label={t('writeQuiz.late')}
              values={['refuse', 'accept']}
              word={(value) => t(`writeQuiz.late.${value}`)}
            />
            {draft.max_attempts.trim() !== '1' && (
              <Words
                form={form}
                name="counts"
                label={t('writeQuiz.counts')}
                values={['best', 'last', 'first', 'average']}
                word={(value) => t(`writeQuiz.counts.${value}`)}
              />
            )}
          </div>
          <Check
            label={t('writeQuiz.shuffleQuestions')}
            checked={draft.shuffle_questions}
            onChange={(shuffle_questions) => form.set({ shuffle_questions })}
          />
          <Check
            label={t('writeQuiz.shuffleOptions')}
            checked={draft.shuffle_options}
            onChange={(shuffle_options) => form.set({ shuffle_options })}
          />
        </div>
      </section>
      <section class="card">
        <div class="card-head">
          <h2>{t('writeQuiz.feedback')}</h2>
        </div>
        <div class="card-body stack">
          <div class="two">
            <Words
              form={form}
              name="when"
              label={t('writeQuiz.when')}
              values={['after_submit', 'after_due', 'never']}
              word={(value) => t(`writeQuiz.when.${value}`)}
              {...(draft.when === 'after_due' &&
                draft.late_policy === 'accept' && { hint: t('writeQuiz.whenLate') })}
            />
            {draft.when !== 'never' && (
              <Words
                form={form}
                name="show"
                label={t('writeQuiz.show')}
                values={['score', 'correctness', 'answers']}
                word={(value) => t(`writeQuiz.show.${value}`)}
              />
            )}
          </div>
          {isNew && (
            <Check
              label={t('writeQuiz.asDraft')}
              checked={draft.as_draft}
              onChange={(as_draft) => form.set({ as_draft })}
            />
          )}
        </div>
      </section>
    </>
  );
}

interface WordsProps<V extends string> {
  readonly form: QuizForm;
  readonly name: 'late_policy' | 'counts' | 'when' | 'show';
  readonly label: string;
  readonly values: readonly V[];
  readonly word: (value: V) => string;
  readonly hint?: string;
}
const Words = <V extends string>({ form, name, values, word, ...field }: WordsProps<V>) => (
  <Choice
    {...field}
    value={form.draft[name]}
    problem={form.problem(name)}
    onInput={(value) => form.set({ [name]: value })}
  >
    {values.map((value) => (
      <option key={value} value={value}>
        {word(value)}
      </option>
    ))}
  </Choice>
);
