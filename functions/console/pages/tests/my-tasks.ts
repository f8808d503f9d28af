import type { ExamPlan } from '#shared/contracts/exam-plans.ts';
import type { Quiz } from '#shared/contracts/quiz-views.ts';
import { taking } from '../../app/taking-api.ts';
import { everyPage } from '../../data/list.ts';
import type { Task } from './task.ts';

/** The quizzes and tests that the student who is signed in may take now, those under way first, then by due date. */
export async function myTasks(signal: AbortSignal): Promise<Task[]> {
  const [quizzes, plans] = await Promise.all([
    everyPage((page) => taking.quizzes.listQuizzes({ query: { limit: 100, ...page }, signal }), 300),
    everyPage((page) => taking.plans.listExamPlans({ query: { limit: 100, ...page }, signal }), 300),
  ]);
  return [...quizzes.flatMap(ofQuiz), ...plans.flatMap(ofPlan)].toSorted(
    (a, b) =>
      Number(b.running) - Number(a.running) ||
      Number(a.done) - Number(b.done) ||
      (a.due_at ?? '9999').localeCompare(b.due_at ?? '9999'),
  );
}

function ofQuiz({ quiz_id, title, class_name, due_at, question_count, mine }: Quiz): Task[] {
  if (!mine) return [];
  const running = mine.status === 'in_progress' && mine.last_attempt_id !== null;
  if (!running && (!mine.is_open || mine.attempts_left === 0)) return [];
  return [
    {
      kind: 'quiz',
      id: quiz_id,
      href: running ? `/quiz-attempts/${mine.last_attempt_id}` : `/quizzes/${quiz_id}`,
      title,
      about: class_name,
      questions: question_count,
      time_limit_s: mine.time_limit_s,
      due_at,
      running,
      done: mine.attempts > 0,
    },
  ];
}

function ofPlan(plan: ExamPlan): Task[] {
  const { plan_id, name, exam_type, closes_at, max_items, time_limit_s, mine } = plan;
  if (!mine) return [];
  const running = mine.running_session_id !== null;
  if (!running && !mine.can_start) return [];
  return [
    {
      kind: 'test',
      id: plan_id,
      href: running ? `/tests/${mine.running_session_id}` : `/tests/plans/${plan_id}`,
      title: name,
      about: exam_type,
      questions: max_items,
      time_limit_s,
      due_at: closes_at,
      running,
      done: mine.sessions > 0,
    },
  ];
}
