import { difficulty } from '#shared/contracts/exercises.ts';
import { language } from '#shared/contracts/grading-shapes.ts';
import { t } from '../../i18n/index.ts';
import { useExercises } from '../exercises/all-exercises.ts';
import { topicName } from '../exercises/words.ts';
import type { DraftForm } from './draft-form.ts';
import { Check, Choice, NumberInput, TextInput } from './inputs.tsx';

const topicList = 'known-topics';
const moduleList = 'known-modules';

/** How the exercise is found, and for whom it is. */
export function AboutSection({ form }: { form: DraftForm }) {
  const { draft, problems, set } = form;
  return (
    <section class="card" aria-labelledby="write-about">
      <div class="card-head">
        <h2 id="write-about">{t('write.about')}</h2>
      </div>
      <div class="card-body stack">
        <div class="fields">
          <TextInput
            label={t('write.topic')}
            hint={t('write.topicHint')}
            list={topicList}
            value={draft.topic}
            problem={problems.get('topic')}
            onInput={(topic) => set({ topic })}
          />
          <TextInput
            label={t('write.module')}
            optional
            list={moduleList}
            value={draft.module}
            problem={problems.get('module')}
            onInput={(module) => set({ module })}
          />
          <TextInput
            label={t('write.tags')}
            hint={t('write.tagsHint')}
            optional
            value={draft.tags}
            problem={problems.get('tags')}
            onInput={(tags) => set({ tags })}
          />
        </div>
        <Suggestions />
        <HowHard form={form} />
        <Check
          label={t('write.practice')}
          hint={t('write.practiceHint')}
          checked={draft.practice}
          onChange={(practice) => set({ practice })}
        />
      </div>
    </section>
  );
}

function HowHard({ form: { draft, problems, set } }: { form: DraftForm }) {
  return (
    <div class="fields">
      <Choice
        label={t('write.language')}
        value={draft.language}
        onInput={(value) => set({ language: language.parse(value) })}
      >
        {language.options.map((name) => (
          <option key={name} value={name}>
            {t(`language.${name}`)}
          </option>
        ))}
      </Choice>
      <Choice
        label={t('write.difficulty')}
        value={draft.difficulty}
        onInput={(value) => set({ difficulty: difficulty.parse(value) })}
      >
        {difficulty.options.map((level) => (
          <option key={level} value={level}>
            {t(`difficulty.${level}`)}
          </option>
        ))}
      </Choice>
      <NumberInput
        label={t('write.minutes')}
        value={draft.minutes}
        problem={problems.get('minutes')}
        onInput={(minutes) => set({ minutes })}
      />
    </div>
  );
}

/** Topics and modules that the school has already, so that the same thing gets the same name. */
function Suggestions() {
  const { data = [] } = useExercises();
  const topics = [...new Set(data.map(({ topic }) => topic))];
  const modules = [...new Set(data.map(({ module }) => module).filter((module) => module !== null))];
  return (
    <>
      <datalist id={topicList}>
        {topics.map((topic) => (
          <option key={topic} value={topic}>
            {topicName(topic)}
          </option>
        ))}
      </datalist>
      <datalist id={moduleList}>
        {modules.map((module) => (
          <option key={module} value={module} />
        ))}
      </datalist>
    </>
  );
}
