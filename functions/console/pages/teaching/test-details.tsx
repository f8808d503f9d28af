import { language } from '#shared/contracts/grading-shapes.ts';
import type { Language } from '#shared/domain/grading/types.ts';
import { CodeEditor } from '../../editor/code-editor.tsx';
import { t } from '../../i18n/index.ts';
import { Segments } from '../../ui/segments.tsx';
import { Choice, NumberInput, TextInput } from './inputs.tsx';
import type { TestDraft } from './test-draft.ts';
import type { TestRowProps } from './test-row.tsx';

const checkers = ['exact', 'lines', 'tokens', 'set', 'float', 'regex', 'custom'] as const;

/** How a test runs, how its answer is compared, and what it may use up. */
export function TestDetails(props: TestRowProps) {
  const { form, test, at } = props;
  const set = (change: Partial<TestDraft>) => form.setTest(test.key, change);
  return (
    <div class="stack">
      <div>
        <Segments
          label={t('tests.kind')}
          value={test.kind}
          options={[
            { value: 'stdio', label: t('tests.kind.stdio') },
            { value: 'call', label: t('tests.kind.call') },
          ]}
          onChange={(kind) => set({ kind, checker: kind === 'call' ? 'exact' : 'lines' })}
        />
      </div>
      <CheckerFields {...props} />
      {test.checker === 'custom' && <CheckerCode {...props} />}
      <div class="fields">
        {limitFields.map((field) => (
          <NumberInput
            key={field}
            label={t(`tests.of.${field}`)}
            {...(field === 'seed' && { hint: t('tests.seedHint') })}
            optional
            value={test[field]}
            problem={form.problems.get(`tests.${at}.${field}`)}
            onInput={(value) => set({ [field]: value })}
          />
        ))}
      </div>
    </div>
  );
}
const limitFields = ['cpu_ms', 'memory_mb', 'seed'] as const;

/** A program that says the same as comparing does, to begin with. */
const firstChecker: Readonly<Record<Language, string>> = {
  python: 'def check(input, output, expected):\n    return output.strip() == expected.strip()\n',
  javascript: 'function check(input, output, expected) {\n  return output.trim() === expected.trim();\n}\n',
  typescript:
    'function check(input: string, output: string, expected: string): boolean {\n  return output.trim() === expected.trim();\n}\n',
};
const isUntouched = (code: string): boolean =>
  code.trim() === '' || Object.values(firstChecker).includes(code);

function CheckerFields({ form, test, at }: TestRowProps) {
  const set = (change: Partial<TestDraft>) => form.setTest(test.key, change);
  const problem = (field: keyof TestDraft) => form.problems.get(`tests.${at}.${field}`);
  const begin = (checker_language: Language) =>
    isUntouched(test.checker_code) ? { checker_code: firstChecker[checker_language] } : {};
  return (
    <div class="fields">
      <Choice
        label={t('tests.checker')}
        hint={t(`checker.${test.checker}Hint`)}
        value={test.checker}
        onInput={(value) => {
          const checker = checkers.find((kind) => kind === value) ?? 'lines';
          set({ checker, ...(checker === 'custom' && begin(test.checker_language)) });
        }}
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
          onInput={(value) => {
            const checker_language = language.parse(value);
            set({ checker_language, ...begin(checker_language) });
          }}
        >
          {language.options.map((name) => (
            <option key={name} value={name}>
              {t(`language.${name}`)}
            </option>
          ))}
        </Choice>
      )}
    </div>
  );
}

const CheckerCode = ({ form, test, at }: TestRowProps) => {
  const problem = form.problems.get(`tests.${at}.checker_code`);
  return (
    <div>
      <div class="card editor-card checker-code">
        <CodeEditor
          label={t('tests.checkerCode')}
          language={test.checker_language}
          code={test.checker_code}
          onChange={(checker_code) => form.setTest(test.key, { checker_code })}
        />
      </div>
      {problem !== undefined && <p class="problem">{problem}</p>}
    </div>
  );
};
