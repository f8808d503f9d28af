import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type Locale, t } from '../../i18n/index.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Markdown } from '../exercises/markdown.tsx';
import type { DraftForm } from './draft-form.ts';
import { Area, TextInput } from './inputs.tsx';

const locales: readonly Locale[] = ['en', 'ko'];
const names = { en: 'English', ko: '한국어' } as const;

/** Title, problem and hints in each language, beside what students will see. */
export function TextsSection({ form }: { form: DraftForm }) {
  const shown = useSignal<Locale>(form.draft.own);
  const text = form.draft.texts[shown.value];
  const wrong = locales.find((locale) => hasProblem(form, locale));
  useEffect(() => {
    if (wrong !== undefined && !hasProblem(form, shown.peek())) shown.value = wrong;
  }, [form.problems]);
  const problem = (field: string) => form.problems.get(`texts.${shown.value}.${field}`);
  const set = (change: Partial<typeof text>) => form.setText(shown.value, change);
  return (
    <section class="card" aria-labelledby="write-texts">
      <div class="card-head">
        <h2 id="write-texts">{t('write.texts')}</h2>
        <Segments
          label={t('write.textLanguage')}
          value={shown.value}
          options={locales.map((value) => ({ value, label: names[value] }))}
          onChange={(value) => {
            shown.value = value;
          }}
        />
      </div>
      <div class="card-body write-and-see">
        <div class="stack">
          {shown.value !== form.draft.own && <p class="small muted">{t('write.translation')}</p>}
          <TextInput
            label={t('write.title')}
            value={text.title}
            problem={problem('title')}
            onInput={(title) => set({ title })}
          />
          <Area
            label={t('write.problem')}
            hint={t('write.problemHint')}
            rows={12}
            code
            value={text.problem_description}
            problem={problem('problem_description')}
            onInput={(problem_description) => set({ problem_description })}
          />
          <Hints form={form} locale={shown.value} />
        </div>
        <section class="preview" aria-label={t('write.preview')}>
          <p class="small muted">{t('write.preview')}</p>
          {text.title.trim() === '' ? (
            <h3>{t('write.untitled')}</h3>
          ) : (
            <h3 lang={shown.value}>{text.title}</h3>
          )}
          {text.problem_description.trim() === '' ? (
            <p class="muted">{t('write.nothingYet')}</p>
          ) : (
            <div lang={shown.value}>
              <Markdown text={text.problem_description} />
            </div>
          )}
        </section>
      </div>
    </section>
  );
}

const hasProblem = ({ problems }: DraftForm, locale: Locale): boolean =>
  [...problems.keys()].some((field) => field.startsWith(`texts.${locale}.`));

/** From gentle to nearly the answer: students open them one at a time. */
function Hints({ form, locale }: { form: DraftForm; locale: Locale }) {
  const { hints } = form.draft.texts[locale];
  const set = (next: readonly string[]) => form.setText(locale, { hints: next });
  return (
    <fieldset class="group stack">
      <legend class="field-label">{t('write.hints')}</legend>
      {hints.map((hint, at) => (
        <div class="hint-row" key={at}>
          <Area
            label={t('hints.hint', { n: at + 1 })}
            rows={2}
            value={hint}
            problem={form.problems.get(`texts.${locale}.hints.${at}`)}
            onInput={(words) => set(hints.with(at, words))}
          />
          <IconButton
            icon="trash"
            size="small"
            label={t('write.removeHint', { n: at + 1 })}
            onClick={() => set(hints.toSpliced(at, 1))}
          />
        </div>
      ))}
      <div class="row">
        <Button size="small" icon="plus" disabled={hints.length >= 10} onClick={() => set([...hints, ''])}>
          {t('write.addHint')}
        </Button>
        <p class="small muted">{t('write.hintsHint')}</p>
      </div>
    </fieldset>
  );
}
