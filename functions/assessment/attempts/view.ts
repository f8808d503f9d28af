import type { QuizAttempt, QuizAttemptDetail } from '#shared/contracts/quizzes.ts';
import { forStudent } from '#shared/domain/items/for-student.ts';
import { orderOf } from '#shared/domain/quizzes/order.ts';
import { feedbackOf, feedbackTo } from '#shared/domain/quizzes/rules.ts';
import { quizOf, type Taken } from '#shared/quizzes/attempt.ts';
import { contentOf } from '#shared/quizzes/content.ts';
import {
  type ContentQuestion,
  type QuizAttemptRecord,
  type QuizRecord,
  type QuizWork,
  quizStandings,
} from '#shared/table/quiz.ts';
import type { Viewer } from '../access.ts';
import type { AssessmentWorld } from '../world.ts';

/** How much of a result somebody sees. */
type Level = ReturnType<typeof feedbackOf>;

/** The policy is for those who learn by it; the staff sees all. */
const levelFor = (quiz: QuizRecord, viewer: Viewer, at: string): Level =>
  viewer === 'staff' ? 'answers' : feedbackOf(quiz, at);

/** A line of the list. */
export const viewLine = (
  quiz: QuizRecord,
  attempt: QuizAttemptRecord,
  viewer: Viewer,
  at: string,
): QuizAttempt =>
  levelFor(quiz, viewer, at) === 'nothing' ? { ...attempt, score: null, percent: null } : attempt;

interface Placed {
  readonly question: ContentQuestion;
  readonly option_order: number[];
}

/** The questions in the attempt's order. */
function placed(attempt: QuizAttemptRecord, questions: readonly ContentQuestion[]): Placed[] {
  const counts = questions.map(({ options }) => options.length);
  return orderOf(attempt.seed, counts, attempt).flatMap(({ question: at, options }) => {
    const question = questions[at];
    return question ? [{ question, option_order: [...options] }] : [];
  });
}

/** An attempt as `viewer` may see it now: no key before it has ended and the quiz's policy allows it. */
export async function viewAttempt(
  world: AssessmentWorld,
  { attempt, work }: Taken,
  viewer: Viewer,
): Promise<QuizAttemptDetail> {
  const [quiz, content] = await Promise.all([quizOf(world, attempt), contentOf(world.table, attempt)]);
  const at = world.now().toISOString();
  const order = placed(attempt, content.questions);
  const level = await levelNow(world, quiz, attempt, { viewer, at });
  const asksAlone = viewer === 'guardian';
  return {
    ...attempt,
    server_time: at,
    questions: asksAlone
      ? []
      : order.map(({ question, option_order }) => ({
          ...forStudent(question),
          points: question.points,
          option_order,
        })),
    answers: asksAlone ? {} : work.answers,
    saved: work.saved,
    saved_at: work.saved_at,
    result: resultOf(attempt, work, order, asksAlone && level !== 'nothing' ? 'score' : level),
    feedback_at: feedbackAt(quiz, level),
  };
}

/** The level of one attempt, which keeps keys from whoever may use them for another. */
async function levelNow(
  { table }: AssessmentWorld,
  quiz: QuizRecord,
  { quiz_id, student_id }: QuizAttemptRecord,
  { viewer, at }: { readonly viewer: Viewer; readonly at: string },
): Promise<Level> {
  if (viewer === 'staff' || quiz.feedback.when !== 'after_due') return levelFor(quiz, viewer, at);
  const standing = await table.get(quizStandings, { quiz_id, student_id }, { consistent: true });
  return feedbackTo(quiz, standing?.tries ?? [], at);
}

/** What a finished attempt came to. */
function resultOf(
  { score, max_score, percent }: QuizAttemptRecord,
  { scores }: QuizWork,
  order: readonly Placed[],
  level: Level,
): QuizAttemptDetail['result'] {
  if (score === null || percent === null || scores === null || level === 'nothing') return null;
  if (level === 'score') return { score, max_score, percent, questions: null };
  const byItem = new Map(scores.map((one) => [one.item_id, one] as const));
  const questions = order.flatMap(({ question }) => {
    const one = byItem.get(question.item_id);
    const { key, explanation } = level === 'answers' ? question : { key: null, explanation: null };
    return one ? [{ ...one, key, explanation }] : [];
  });
  return { score, max_score, percent, questions };
}

const feedbackAt = ({ feedback, due_at }: QuizRecord, level: Level): string | null =>
  level === 'nothing' && feedback.when === 'after_due' ? due_at : null;
