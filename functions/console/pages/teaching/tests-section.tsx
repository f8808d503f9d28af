import { runLimits } from '#shared/domain/grading/limits.ts';
import { counted, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { DraftForm } from './draft-form.ts';
import { FillExpected } from './fill-expected.tsx';
import { NumberInput } from './inputs.tsx';
import { newTest } from './test-draft.ts';
import { TestRow } from './test-row.tsx';

/** The tests as a table: what the program gets, what it has to give, what it counts, and who sees it. */
export function TestsSection({ form }: { form: DraftForm }) {
  const { draft, problems } = form;
  const { tests } = draft;
  const hidden = tests.filter(({ visibility }) => visibility === 'hidden').length;
  return (
    <section class="card" aria-labelledby="write-tests">
      <div class="card-head">
        <h2 id="write-tests">{t('write.tests')}</h2>
        <span class="small muted numbers">
          {counted('tests.count', tests.length)} · {counted('tests.hiddenCount', hidden)}
        </span>
      </div>
      {problems.get('tests') !== undefined && (
        <p class="problem code-problem">
          <Icon name="alert" size={16} />
          {t('tests.none')}
        </p>
      )}
      <ol class="test-rows">
        {tests.map((test, at) => (
          <TestRow key={test.key} form={form} test={test} at={at} />
        ))}
      </ol>
      <div class="card-foot tests-foot">
        <Button
          icon="plus"
          disabled={tests.length >= runLimits.tests}
          onClick={() => form.setTests((rows) => [...rows, newTest(rows.at(-1))])}
        >
          {t('tests.add')}
        </Button>
        <FillExpected form={form} />
        <span class="grow small muted">{t('tests.hint')}</span>
      </div>
      <details class="disclosure card-body default-limits" open={hasLimitProblem(form)}>
        <summary>
          <Icon name="chevron" size={16} />
          {t('tests.limits')}
        </summary>
        <div class="fields">
          <NumberInput
            label={t('tests.cpu')}
            placeholder="2000"
            hint={t('tests.cpuHint')}
            value={draft.cpu_ms}
            problem={problems.get('cpu_ms')}
            onInput={(cpu_ms) => form.set({ cpu_ms })}
          />
          <NumberInput
            label={t('tests.memory')}
            placeholder={draft.language === 'python' ? '128' : '64'}
            hint={t('tests.memoryHint')}
            value={draft.memory_mb}
            problem={problems.get('memory_mb')}
            onInput={(memory_mb) => form.set({ memory_mb })}
          />
        </div>
      </details>
    </section>
  );
}

const hasLimitProblem = ({ problems }: DraftForm): boolean =>
  problems.has('cpu_ms') || problems.has('memory_mb');
