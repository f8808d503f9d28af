import { language } from '#shared/contracts/grading-shapes.ts';
import { CodeEditor } from '../../editor/code-editor.tsx';
import { t } from '../../i18n/index.ts';
import { Segments } from '../../ui/segments.tsx';
import { Choice, NumberInput, TextInput } from './inputs.tsx';
import type { TestDraft } from './test-draft.ts';
import type { TestRowProps } from './test-row.tsx';

const checkers = ['exact', 'lines', 'tokens', 'set', 'float', 'regex', 'custom'] as const;

/** How a test runs and how its answer is compared. */
export function TestDetails({ form, test, at }: TestRowProps) {
  const set = (change: Partial<TestDraft>) => form.setTest(test.key, change);
  const problem = (field: keyof TestDraft) => form.problems.get(`tests.${at}.${field}`);
  return (
    <div class="stack">
      <Segments
        label={t('tests.kind')}
        value={test.kind}
        options={[
          { value: 'stdio', label: t('tests.kind.stdio') },
          { value: 'call', label: t('tests.kind.call') },
        ]}
        onChange={(kind) => set({ kind, checker: kind === 'call' ? 'exact' : 'lines' })}
      />
      <div class="fields">
        <Choice
          label={t('tests.checker')}
          hint={t(`checker.${test.checker}Hint`)}
          value={test.checker}
          onInput={(value) => set({ checker: checkers.find((kind) => kind === value) ?? 'lines' })}
        >
          {checkers.map((kind) => (
            <option key={kind} value={kind}>
              {t(`checker.${kind}`)}
            </option>
          ))}
        </Choice>
        {test.checker === 'float' && (
          <NumberInput
            label={t('tests.tolerance')}
            value={test.tolerance}
            problem={problem('tolerance')}
            onInput={(tolerance) => set({ tolerance })}
          />
        )}
        {test.checker === 'regex' && (
          <TextInput
            label={t('tests.pattern')}
            value={test.pattern}
            problem={problem('pattern')}
            onInput={(pattern) => set({ pattern })}
          />
        )}
        {test.checker === 'custom' && (
          <Choice
            label={t('tests.checkerLanguage')}
            value={test.checker_language}
            onInput={(value) => set({ checker_language: language.parse(value) })}
          >
            {language.options.map((name) => (
              <option key={name} value={name}>
                {t(`language.${name}`)}
              </option>
            ))}
          </Choice>
        )}
      </div>
      {test.checker === 'custom' && (
        <div class="card editor-card checker-code">
          <CodeEditor
            label={t('tests.checkerCode')}
            language={test.checker_language}
            code={test.checker_code}
            onChange={(checker_code) => set({ checker_code })}
          />
        </div>
      )}
      {problem('checker_code') !== undefined && <p class="problem">{problem('checker_code')}</p>}
      <div class="fields">
        <NumberInput
          label={t('tests.cpu')}
          optional
          value={test.cpu_ms}
          problem={problem('cpu_ms')}
          onInput={(cpu_ms) => set({ cpu_ms })}
        />
        <NumberInput
          label={t('tests.memory')}
          optional
          value={test.memory_mb}
          problem={problem('memory_mb')}
          onInput={(memory_mb) => set({ memory_mb })}
        />
        <NumberInput
          label={t('tests.seed')}
          hint={t('tests.seedHint')}
          optional
          value={test.seed}
          problem={problem('seed')}
          onInput={(seed) => set({ seed })}
        />
      </div>
    </div>
  );
}
