import { visibility } from '#shared/contracts/grading-shapes.ts';
import { t } from '../../i18n/index.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { DraftForm } from './draft-form.ts';
import { Area, Choice, NumberInput, TextInput } from './inputs.tsx';
import { TestDetails } from './test-details.tsx';
import { newTest, type TestDraft } from './test-draft.ts';

export interface TestRowProps {
  readonly form: DraftForm;
  readonly test: TestDraft;
  readonly at: number;
}

/** A test: its usual fields in a line, the rarer ones folded below. */
export function TestRow({ form, test, at }: TestRowProps) {
  const set = (change: Partial<TestDraft>) => form.setTest(test.key, change);
  const problem = (field: keyof TestDraft) => form.problems.get(`tests.${at}.${field}`);
  const isCall = test.kind === 'call';
  const name = test.name.trim() === '' ? t('tests.nth', { n: at + 1 }) : test.name;
  return (
    <li class="test-row" aria-label={name}>
      <span class="test-number numbers" aria-hidden="true">
        {at + 1}
      </span>
      <div class="test-fields">
        <TextInput
          label={t('tests.name')}
          value={test.name}
          problem={problem('name')}
          onInput={(value) => set({ name: value })}
        />
        <Choice
          label={t('tests.visibility')}
          value={test.visibility}
          onInput={(value) => set({ visibility: visibility.parse(value) })}
        >
          <option value="public">{t('tests.public')}</option>
          <option value="hidden">{t('tests.hidden')}</option>
        </Choice>
        <NumberInput
          label={t('tests.weight')}
          value={test.weight}
          problem={problem('weight')}
          onInput={(weight) => set({ weight })}
        />
        {isCall ? (
          <CallFields {...{ form, test, at }} />
        ) : (
          <>
            <Area
              label={t('tests.stdin')}
              rows={rowsOf(test)}
              code
              value={test.input}
              problem={problem('input')}
              onInput={(input) => set({ input })}
            />
            <Area
              label={t('tests.expected')}
              rows={rowsOf(test)}
              code
              value={test.expected}
              problem={problem('expected')}
              onInput={(expected) => set({ expected })}
            />
          </>
        )}
        <details class="disclosure test-more" open={hasHiddenProblem(form, at)}>
          <summary>
            <Icon name="chevron" size={16} />
            {t('tests.more')}{' '}
            <span class="disclosure-note">
              {t(`tests.kind.${test.kind}`)} · {t(`checker.${test.checker}`)}
            </span>
          </summary>
          <TestDetails {...{ form, test, at }} />
        </details>
      </div>
      <RowActions {...{ form, test, at }} name={name} />
    </li>
  );
}

/** As many lines as the longer of the two has, within reason. */
const rowsOf = ({ input, expected }: TestDraft): number =>
  Math.min(8, Math.max(2, input.split('\n').length, expected.split('\n').length));

function CallFields({ form, test, at }: TestRowProps) {
  const set = (change: Partial<TestDraft>) => form.setTest(test.key, change);
  const problem = (field: keyof TestDraft) => form.problems.get(`tests.${at}.${field}`);
  return (
    <>
      <div class="stack">
        <TextInput
          label={t('tests.call')}
          value={test.call}
          problem={problem('call')}
          onInput={(call) => set({ call })}
        />
        <Area
          label={t('tests.args')}
          hint={t('tests.argsHint')}
          rows={1}
          code
          value={test.input}
          problem={problem('input')}
          onInput={(input) => set({ input })}
        />
      </div>
      <Area
        label={t('tests.returns')}
        hint={t('tests.returnsHint')}
        rows={4}
        code
        value={test.expected}
        problem={problem('expected')}
        onInput={(expected) => set({ expected })}
      />
    </>
  );
}

const folded = ['tolerance', 'pattern', 'checker_code', 'cpu_ms', 'memory_mb', 'seed'] as const;
const hasHiddenProblem = ({ problems }: DraftForm, at: number): boolean =>
  folded.some((field) => problems.has(`tests.${at}.${field}`));

function RowActions({ form, test, at, name }: TestRowProps & { name: string }) {
  const { tests } = form.draft;
  const move = (to: number) => form.setTests((rows) => rows.toSpliced(at, 1).toSpliced(to, 0, test));
  const copy = { ...test, key: newTest().key, name: '' };
  return (
    <div class="row-actions">
      {at > 0 && (
        <span class="up">
          <IconButton icon="back" size="small" label={t('tests.up', { name })} onClick={() => move(at - 1)} />
        </span>
      )}
      <IconButton
        icon="copy"
        size="small"
        label={t('tests.copy', { name })}
        onClick={() => form.setTests((rows) => rows.toSpliced(at + 1, 0, copy))}
      />
      {tests.length > 1 && (
        <IconButton
          icon="trash"
          size="small"
          label={t('tests.remove', { name })}
          onClick={() => form.setTests((rows) => rows.toSpliced(at, 1))}
        />
      )}
    </div>
  );
}
