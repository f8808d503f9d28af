import { useMemo } from 'preact/hooks';
import type * as z from 'zod';
import { type QuizDetail, quizOperations } from '#shared/contracts/quizzes.ts';
import { navigate, place } from '../../app/location.ts';
import { testing } from '../../app/testing-api.ts';
import { toast } from '../../app/toasts.ts';
import { useResource } from '../../data/resource.ts';
import { number, t } from '../../i18n/index.ts';
import '../../i18n/quizzes.ts';
import { type Draft, useDraft } from '../../ui/draft.ts';
import { Failure, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { WriteForm } from '../../ui/write-form.tsx';
import { useSchoolZone } from '../teaching/school-time.ts';
import { QuestionList } from './question-list.tsx';
import {
  bodyOfQuiz,
  draftOfQuiz,
  fieldOfQuiz,
  newQuiz,
  type QuizDraft,
  rulesOf,
  shortestMinutes,
} from './quiz-draft.ts';
import { AboutQuiz, QuizRules } from './quiz-fields.tsx';

export type QuizForm = Draft<QuizDraft>;
const quizBody = quizOperations.createQuiz.body;
type QuizBody = z.output<typeof quizBody>;

/** A quiz for a class: a title and questions are enough. */
export function NewQuiz() {
  const zone = useSchoolZone();
  const initial = useMemo(() => newQuiz(place.value.query.get('class') ?? ''), []);
  return (
    <QuizEditor
      initial={initial}
      zone={zone}
      submit={async (body, idempotency_key) => {
        const { quiz_id, title } = await testing.quizzes.createQuiz({ body, idempotency_key });
        toast('good', t('writeQuiz.made', { title }));
        navigate(`/quizzes/${quiz_id}`, { replace: true });
      }}
    />
  );
}

export const useQuiz = (quiz_id: string) =>
  useResource(`teacher-quiz.${quiz_id}`, (signal) =>
    testing.quizzes.getQuiz({ params: { quiz_id }, signal }),
  );

/** A quiz that there is; once somebody has begun, its questions stay. */
export function EditQuiz({ id }: { id: string }) {
  const zone = useSchoolZone();
  const { data, error, reload, set } = useQuiz(id);
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={5} height={64} />;
  return <Existing key={`${data.version} ${zone}`} quiz={data} zone={zone} onSaved={set} />;
}

interface ExistingProps {
  readonly quiz: QuizDetail;
  readonly zone: string;
  readonly onSaved: (quiz: QuizDetail) => void;
}
function Existing({ quiz, zone, onSaved }: ExistingProps) {
  const initial = useMemo(() => draftOfQuiz(quiz, zone), [quiz, zone]);
  return (
    <QuizEditor
      initial={initial}
      zone={zone}
      quiz={quiz}
      submit={async ({ class_id: _, status: __, questions, ...rules }) => {
        onSaved(
          await testing.quizzes.updateQuiz({
            params: { quiz_id: quiz.quiz_id },
            body: { ...rules, ...(!quiz.has_attempts && { questions }), version: quiz.version },
          }),
        );
        toast('good', t('action.saved'));
        navigate(`/quizzes/${quiz.quiz_id}`);
      }}
    />
  );
}

interface QuizEditorProps {
  readonly initial: QuizDraft;
  readonly zone: string;
  readonly quiz?: QuizDetail;
  readonly submit: (body: QuizBody, key: string) => Promise<void>;
}
function QuizEditor({ initial, zone, quiz, submit }: QuizEditorProps) {
  const form = useDraft<QuizDraft, QuizBody>({
    initial,
    bodyOf: (draft) => bodyOfQuiz(draft, zone),
    schema: quizBody,
    fieldOf: fieldOfQuiz,
    check: (draft) => problemsOf(draft, zone),
    submit,
  });
  const back = quiz
    ? { href: `/quizzes/${quiz.quiz_id}`, label: quiz.title }
    : {
        href: initial.class_id === '' ? '/classes' : `/classes/${initial.class_id}/quizzes`,
        label: t('nav.classes'),
      };
  return (
    <>
      <PageHead title={t(quiz ? 'writeQuiz.editTitle' : 'writeQuiz.title')} back={back} />
      <WriteForm
        form={form}
        isNew={quiz === undefined}
        action={
          quiz ? t('action.save') : t(form.draft.as_draft ? 'writeQuiz.createDraft' : 'writeQuiz.create')
        }
      >
        <AboutQuiz form={form} isNew={quiz === undefined} />
        <QuestionList form={form} isFrozen={quiz?.has_attempts ?? false} />
        <QuizRules form={form} zone={zone} isNew={quiz === undefined} />
      </WriteForm>
    </>
  );
}

/** What is said in the reader's own words, before the contract says it in the server's. */
function problemsOf(draft: QuizDraft, zone: string): Record<string, string | false> {
  const { time_limit_s, opens_at, due_at } = rulesOf(draft, zone);
  const least = shortestMinutes(draft);
  return {
    class_id: draft.class_id === '' && t('writeQuiz.classMissing'),
    title: draft.title.trim() === '' && t('write.missing'),
    questions: draft.questions.length === 0 && t('writeQuiz.noQuestions'),
    minutes:
      typeof time_limit_s === 'number' &&
      time_limit_s < least * 60 &&
      t('writeQuiz.shortest', { minutes: number(least, 1) }),
    due_at: opens_at !== null && due_at !== null && opens_at >= due_at && t('assign.dueBeforeOpening'),
  };
}
