import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Exercise } from '#shared/contracts/exercises.ts';
import type { TestResult } from '#shared/contracts/grading-shapes.ts';
import { api, newKey } from '../../app/api.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/feedback.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Ago } from '../../ui/words.tsx';
import { followJob } from '../exercises/follow-job.ts';
import { VerdictTable } from '../exercises/verdict-table.tsx';
import { AssignExercise } from './assign-exercise.tsx';
import { isOwn } from './own-exercise.ts';
import { expectedOf, inputOf } from './test-list.tsx';

interface CertificationCardProps {
  readonly exercise: Exercise;
  readonly onChanged: (exercise: Exercise) => void;
  readonly reload: () => void;
}

type Stage = 'certify' | 'running' | 'fix' | 'publish' | 'give';

/** What has to happen next, until a class can have it; one thing at a time. */
function stageOf({ certification, status, published_version, version }: Exercise): Stage {
  if (status === 'published' && published_version === version) return 'give';
  if (certification?.status === 'pending') return 'running';
  if (certification?.status === 'passed') return 'publish';
  return certification?.status === 'failed' ? 'fix' : 'certify';
}
const looks = { certify: '', running: '', fix: 'bad', publish: 'good', give: 'good' } as const;

export function CertificationCard({ exercise, onChanged, reload }: CertificationCardProps) {
  const busy = useSignal(false);
  const failure = useSignal<unknown>(undefined);
  const { exercise_id, certification, version } = exercise;
  const stage = stageOf(exercise);
  useFollowing(exercise, onChanged);
  const run = async (act: () => Promise<Exercise>, done?: string) => {
    busy.value = true;
    failure.value = undefined;
    try {
      onChanged(await act());
      if (done !== undefined) toast('good', done);
    } catch (error) {
      failure.value = error;
    } finally {
      busy.value = false;
    }
  };
  const certify = () =>
    run(() => api.exercises.certifyExercise({ params: { exercise_id }, idempotency_key: newKey() }));
  const publish = () =>
    run(() => api.exercises.publishExercise({ params: { exercise_id } }), t('certify.published'));
  return (
    <section class="card" aria-label={t('certify.title')}>
      <Steps exercise={exercise} stage={stage} />
      <div class={`stage-box ${looks[stage]}`} role="status">
        <div class="grow">
          <strong>{t(`certify.${stage}`)}</strong>
          <p class="muted">{t(`certify.${stage}Text`, { n: version })}</p>
        </div>
        {isOwn(exercise) && (stage === 'certify' || stage === 'fix') && (
          <Button kind="primary" icon="check" busy={busy.value} onClick={() => void certify()}>
            {t(stage === 'fix' ? 'certify.again' : 'certify.action')}
          </Button>
        )}
        {isOwn(exercise) && stage === 'publish' && (
          <Button kind="primary" busy={busy.value} onClick={() => void publish()}>
            {t('certify.publishAction')}
          </Button>
        )}
        {stage === 'give' && <AssignExercise exercise={exercise} onAssigned={reload} />}
      </div>
      {failure.value !== undefined && (
        <div class="card-body">
          <Failure error={failure.value} />
        </div>
      )}
      {stage === 'running' && <Running exercise={exercise} />}
      {certification && <Findings exercise={exercise} open={stage === 'fix'} />}
    </section>
  );
}

/** While the certification runs, its job is followed to the end. */
function useFollowing({ exercise_id, certification }: Exercise, onChanged: (next: Exercise) => void): void {
  const job_id = certification?.status === 'pending' ? certification.job_id : null;
  useEffect(() => {
    if (job_id === null) return;
    return followJob({
      id: job_id,
      read: () => api.exercises.getExercise({ params: { exercise_id } }),
      isFinal: (state) => state.certification?.status !== 'pending',
      isWaiting: () => false,
      onState: onChanged,
    });
  }, [job_id]);
}

const steps = ['written', 'certified', 'published', 'given'] as const;
const reached = { certify: 1, running: 1, fix: 1, publish: 2, give: 3 } as const;

/** The way from a draft to a class. */
const Steps = ({ stage }: { exercise: Exercise; stage: Stage }) => (
  <ol class="steps" aria-label={t('certify.steps')}>
    {steps.map((step, at) => (
      <li
        key={step}
        class={at < reached[stage] ? 'done' : ''}
        aria-current={at === reached[stage] ? 'step' : undefined}
      >
        <span class="step-mark" aria-hidden="true">
          {at < reached[stage] ? <Icon name="check" size={14} /> : at + 1}
        </span>
        {t(`certify.step.${step}`)}
        {at < reached[stage] && <span class="visually-hidden"> {t('action.done')}</span>}
      </li>
    ))}
  </ol>
);

/** The tests to come, in the shape that their verdicts will have. */
const Running = ({ exercise: { tests } }: { exercise: Exercise }) => (
  <ol class="verdicts" aria-hidden="true">
    {(tests ?? []).slice(0, 8).map((test) => (
      <li key={test.id}>
        <div class="verdict-row">
          <span class="skeleton round" />
          <span class="verdict-name">{test.name}</span>
        </div>
      </li>
    ))}
  </ol>
);

function Findings({ exercise, open }: { exercise: Exercise; open: boolean }) {
  const { certification, language } = exercise;
  if (!certification || certification.at === null) return null;
  const { solution_results, starter_results, at, grader_version } = certification;
  const problems = problemsOf(certification);
  return (
    <>
      {problems.length > 0 && (
        <ul class="findings">
          {problems.map((problem) => (
            <li key={problem}>
              <Icon name="alert" size={16} />
              {problem}
            </li>
          ))}
        </ul>
      )}
      <Results
        title={t('certify.solution')}
        results={withTests(exercise, solution_results)}
        language={language}
        open={open}
      />
      <Results
        title={t('certify.starter')}
        results={withTests(exercise, starter_results)}
        language={language}
        open={false}
      />
      <p class="certified small muted">
        {t('certify.certifiedAt', { n: exercise.version })} <Ago at={at} />
        {grader_version !== null && ` · ${grader_version}`}
      </p>
    </>
  );
}

/** Results name their tests only; what those say is in the exercise. */
const withTests = ({ tests }: Exercise, results: readonly TestResult[]): TestResult[] =>
  results.map((result, at) => {
    const test = tests?.[at];
    return test ? { ...result, input: inputOf(test), expected_output: expectedOf(test) } : result;
  });

/** Why it was not certified, in the reader's language; the server's own sentences where results say nothing. */
function problemsOf({ problems, solution_results, starter_results }: Certification): string[] {
  if (problems.length === 0) return [];
  const found = solution_results
    .filter(({ status }) => status !== 'pass')
    .map(({ name, status }) => t('certify.fails', { name, verdict: t(`verdict.test.${status}`) }));
  const isOpenDoor = starter_results.length > 0 && starter_results.every(({ status }) => status === 'pass');
  if (isOpenDoor) found.push(t('certify.starterPasses'));
  return found.length > 0 ? found : problems;
}
type Certification = NonNullable<Exercise['certification']>;

interface ResultsProps {
  readonly title: string;
  readonly results: readonly TestResult[];
  readonly language: Exercise['language'];
  readonly open: boolean;
}
const Results = ({ title, results, language, open }: ResultsProps) => {
  if (results.length === 0) return null;
  const passed = results.filter(({ status }) => status === 'pass').length;
  return (
    <details class="disclosure results" open={open}>
      <summary>
        <Icon name="chevron" size={16} />
        {title}
        <span class="disclosure-note numbers">{t('verdict.passed', { passed, all: results.length })}</span>
      </summary>
      <VerdictTable results={results} language={language} />
    </details>
  );
};
