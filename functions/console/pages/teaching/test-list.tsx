import type { Exercise } from '#shared/contracts/exercises.ts';
import { counted, number, t } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { Table } from '../../ui/table.tsx';

type Test = NonNullable<Exercise['tests']>[number];

/** The tests as they stand, to be read. */
export function TestList({ exercise: { tests } }: { exercise: Exercise }) {
  if (!tests) return null;
  return (
    <section class="card" aria-labelledby="written-tests">
      <div class="card-head">
        <h2 id="written-tests">{t('write.tests')}</h2>
        <span class="small muted">{counted('tests.count', tests.length)}</span>
      </div>
      <div class="table-wrap">
        <Table
          label={t('write.tests')}
          items={tests}
          keyOf={({ id }) => id}
          columns={[
            {
              label: t('tests.name'),
              role: 'lead',
              cell: ({ name, visibility }) => (
                <span class="cell-main">
                  <span>
                    {name}
                    {visibility === 'hidden' && (
                      <small class="hidden-mark">
                        <Icon name="hidden" size={14} /> {t('tests.hidden')}
                      </small>
                    )}
                  </span>
                </span>
              ),
            },
            { label: t('exercise.input'), cell: (test) => <Snippet text={inputOf(test)} /> },
            { label: t('tests.expected'), cell: (test) => <Snippet text={expectedOf(test)} /> },
            { label: t('tests.checker'), cell: ({ checker }) => t(`checker.${checker.kind}`) },
            { label: t('tests.weight'), role: 'end', cell: ({ weight }) => number(weight, 2) },
          ]}
        />
      </div>
    </section>
  );
}

export const inputOf = (test: Test): string =>
  test.kind === 'call'
    ? `${test.call}(${test.args.map((arg) => JSON.stringify(arg)).join(', ')})`
    : test.stdin;
export const expectedOf = (test: Test): string =>
  test.kind === 'call' ? JSON.stringify(test.expected) : test.expected;

/** The first lines; the rest on hover. */
const Snippet = ({ text }: { text: string }) =>
  text.trim() === '' ? (
    <span class="muted">{t('exercise.empty')}</span>
  ) : (
    <code class="snippet" title={text}>
      {text.trimEnd()}
    </code>
  );
