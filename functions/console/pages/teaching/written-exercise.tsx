import { useSignal } from '@preact/signals';
import { type Exercise, exerciseOperations } from '#shared/contracts/exercises.ts';
import { api } from '../../app/api.ts';
import { may } from '../../app/session.ts';
import { useResource } from '../../data/resource.ts';
import { counted, t } from '../../i18n/index.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Failure, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { DifficultyBadge } from '../exercises/difficulty-badge.tsx';
import { Markdown } from '../exercises/markdown.tsx';
import { textsOf, topicName } from '../exercises/words.ts';
import { CertificationCard } from './certification-card.tsx';
import { ExerciseActions } from './exercise-actions.tsx';
import { GivenCard } from './given-card.tsx';
import { isOwn } from './own-exercise.ts';
import { StatusBadge } from './status-badge.tsx';
import { TestList } from './test-list.tsx';
import { VersionsCard } from './versions-card.tsx';

/** An exercise as its authors see it: what it still needs, what students get, who was given it. */
export function WrittenExercise({ id }: { id: string }) {
  const { data, error, reload, set } = useResource(`written.${id}`, (signal) =>
    api.exercises.getExercise({ params: { exercise_id: id }, signal }),
  );
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={5} height={64} />;
  const { title, problem, hints } = textsOf(data);
  return (
    <>
      <PageHead
        title={title}
        back={{ href: '/exercises', label: t('nav.exercises') }}
        lead={
          <span class="row exercise-lead">
            <StatusBadge exercise={data} />
            <DifficultyBadge difficulty={data.difficulty} />
            <span>
              {[topicName(data.topic), t(`language.${data.language}`), data.created_by_name].join(' · ')}
            </span>
          </span>
        }
      >
        <LinkButton href={`/exercises/${id}/try`} icon="play">
          {t('written.try')}
        </LinkButton>
        {isOwn(data) && (
          <LinkButton href={`/exercises/${id}/edit`} icon="edit">
            {t('action.edit')}
          </LinkButton>
        )}
        <More exercise={data} onChanged={set} />
      </PageHead>
      <div class="columns">
        <div class="stack-l">
          <CertificationCard exercise={data} onChanged={set} reload={reload} />
          <section class="card" aria-labelledby="written-problem">
            <div class="card-head">
              <h2 id="written-problem">{t('exercise.problem')}</h2>
              <span class="small muted">{counted('written.hints', hints.length)}</span>
            </div>
            <div class="card-body">
              <Markdown text={problem} />
            </div>
          </section>
          <TestList exercise={data} />
        </div>
        <div class="stack-l">
          <GivenCard exercise={data} />
          <VersionsCard exercise={data} />
        </div>
      </div>
    </>
  );
}

interface MoreProps {
  readonly exercise: Exercise;
  readonly onChanged: (exercise: Exercise) => void;
}
function More({ exercise, onChanged }: MoreProps) {
  const open = useSignal(false);
  if (!may(exerciseOperations.exportExercise)) return null;
  return (
    <>
      <Button
        icon="more"
        onClick={() => {
          open.value = true;
        }}
      >
        {t('written.more')}
      </Button>
      {open.value && (
        <ExerciseActions
          exercise={exercise}
          isOwn={isOwn(exercise)}
          onChanged={onChanged}
          onClose={() => {
            open.value = false;
          }}
        />
      )}
    </>
  );
}
