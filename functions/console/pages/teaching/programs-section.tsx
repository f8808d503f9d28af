import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { CodeEditor } from '../../editor/code-editor.tsx';
import { t } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { Segments } from '../../ui/segments.tsx';
import { useCodeCheck } from '../exercises/check-code.ts';
import { CodeProblems } from '../exercises/code-problems.tsx';
import type { DraftForm } from './draft-form.ts';

const programs = ['solution_code', 'starter_code'] as const;
type Program = (typeof programs)[number];

/** The model solution and what students begin with, checked while they are written. */
export function ProgramsSection({ form }: { form: DraftForm }) {
  const shown = useSignal<Program>('solution_code');
  const { language } = form.draft;
  const code = form.draft[shown.value];
  const found = useCodeCheck(language, code);
  const marks = useMemo(() => [...found], [found]);
  const problem = form.problems.get('solution_code') ?? form.problems.get('starter_code');
  const label = t(`write.${shown.value}`);
  return (
    <section class="card editor-card" aria-labelledby="write-programs">
      <div class="card-head">
        <h2 id="write-programs">{t('write.programs')}</h2>
        <Segments
          label={t('write.programs')}
          value={shown.value}
          options={programs.map((value) => ({ value, label: t(`write.${value}`) }))}
          onChange={(value) => {
            shown.value = value;
          }}
        />
      </div>
      {problem !== undefined && (
        <p class="problem code-problem" aria-invalid="true" tabIndex={-1}>
          <Icon name="alert" size={16} />
          {t('write.solution_code')}: {problem}
        </p>
      )}
      <CodeEditor
        key={shown.value}
        label={label}
        language={language}
        code={code}
        marks={marks}
        onChange={(next) => form.set({ [shown.value]: next })}
      />
      <CodeProblems problems={found} language={language} />
      <p class="card-body small muted program-hint">{t(`write.${shown.value}Hint`)}</p>
    </section>
  );
}
