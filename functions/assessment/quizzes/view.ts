import type { Caller } from '#shared/contracts/operation.ts';
import type { QuizStandingView } from '#shared/contracts/quiz-shapes.ts';
import type { Quiz, QuizDetail } from '#shared/contracts/quizzes.ts';
import { countedPercent } from '#shared/domain/quizzes/counted.ts';
import { feedbackOf, mayBegin } from '#shared/domain/quizzes/rules.ts';
import { shownQuestions } from '#shared/quizzes/freeze.ts';
import { waitsForOpening } from '#shared/reached-class.ts';
import { classes } from '#shared/table/class.ts';
import { students } from '#shared/table/profile.ts';
import { type QuizRecord, type QuizStanding, quizStandings } from '#shared/table/quiz.ts';
import type { AssessmentWorld } from '../world.ts';

/** Whose standing goes with a quiz, and whether its feedback policy holds for who looks. */
export interface Shown {
  readonly student_id: string | undefined;
  readonly byPolicy: boolean;
}
export const shownTo = (caller: Caller, student_id?: string): Shown => ({
  student_id: student_id ?? (caller.role === 'student' ? caller.user_id : undefined),
  byPolicy: waitsForOpening(caller),
});

export async function viewQuizzes(
  world: AssessmentWorld,
  records: readonly QuizRecord[],
  shown: Shown,
): Promise<Quiz[]> {
  const { table } = world;
  const { student_id } = shown;
  const [ofClass, standings, profile] = await Promise.all([
    table.getMany(classes, records),
    student_id === undefined
      ? undefined
      : table.getMany(
          quizStandings,
          records.map(({ quiz_id }) => ({ quiz_id, student_id })),
        ),
    student_id === undefined ? undefined : table.get(students, { user_id: student_id }),
  ]);
  const at = world.now().toISOString();
  const time_factor = profile?.time_factor ?? 1;
  return records.map((record, index) => ({
    ...record,
    class_name: ofClass[index]?.name ?? '',
    question_count: record.questions.length,
    mine:
      standings === undefined ? null : standingOf(record, standings[index], { at, time_factor, ...shown }),
  }));
}

function standingOf(
  quiz: QuizRecord,
  standing: QuizStanding | undefined,
  { at, time_factor, byPolicy }: Shown & { readonly at: string; readonly time_factor: number },
): QuizStandingView {
  const tries = standing?.tries ?? [];
  const last = tries.at(-1);
  return {
    status: last?.status ?? 'not_started',
    attempts: tries.length,
    attempts_left: quiz.max_attempts === null ? null : Math.max(0, quiz.max_attempts - tries.length),
    percent: byPolicy && feedbackOf(quiz, at) === 'nothing' ? null : countedPercent(tries, quiz.counts),
    late: last?.late ?? false,
    last_attempt_id: last?.attempt_id ?? null,
    last_at: last?.at ?? null,
    is_open: last?.status === 'in_progress' || mayBegin(quiz, tries.length, at),
    time_limit_s: quiz.time_limit_s === null ? null : quiz.time_limit_s * time_factor,
  };
}

export async function viewQuiz(
  world: AssessmentWorld,
  caller: Caller,
  record: QuizRecord,
): Promise<QuizDetail> {
  const shown = shownTo(caller);
  const [[quiz], questions, attempted] = await Promise.all([
    viewQuizzes(world, [record], shown),
    shown.byPolicy ? null : shownQuestions(world, record),
    hasAttempts(world, record.quiz_id),
  ]);
  if (!quiz) throw new Error('a record has a view');
  return { ...quiz, questions, has_attempts: attempted };
}

export async function hasAttempts({ table }: AssessmentWorld, quiz_id: string): Promise<boolean> {
  const { items } = await table.query(quizStandings, {
    pk: `quiz#${quiz_id}`,
    prefix: 'standing#',
    limit: 1,
  });
  return items.length > 0;
}
