import type { StudentResults } from '#shared/contracts/gradebook.ts';
import type { Caller } from '#shared/contracts/operation.ts';
import {
  dueFor,
  hasOpened as hasAssignmentOpened,
  noStanding,
} from '#shared/domain/grading/assignment-rules.ts';
import { feedbackOf, hasOpened as hasQuizOpened } from '#shared/domain/quizzes/rules.ts';
import { attendedClasses, waitsForOpening } from '#shared/reached-class.ts';
import { assignmentStandings } from '#shared/table/assignment.ts';
import { type ClassRecord, classes } from '#shared/table/class.ts';
import { quizStandings } from '#shared/table/quiz.ts';
import { reachedStudent } from '../access.ts';
import type { World } from '../world.ts';
import { assignmentCell, assignmentsOf, titlesOf } from './assignments.ts';
import { viewHistory } from './exam-history.ts';
import { studentStats } from './exam-statistics.ts';
import { quizCell, quizzesOf } from './quizzes.ts';
import { seenClasses, sessionsOf } from './seen.ts';

const exams = 50;

/** Assignments, quizzes and tests of a student, in the classes that are the caller's business too. */
export async function readStudentResults(
  world: World,
  caller: Caller,
  student_id: string,
): Promise<StudentResults> {
  const { name } = await reachedStudent(world, caller, student_id);
  const class_ids = await attendedClasses(world, caller, student_id);
  const found = await world.table.getMany(
    classes,
    class_ids.map((class_id) => ({ class_id })),
  );
  const attended = found.filter((one) => one !== undefined);
  const sees = await seenClasses(world, caller);
  const [assignments, quizzes, sessions, exam_stats] = await Promise.all([
    Promise.all(attended.map((one) => assignmentResults(world, caller, one, student_id))),
    Promise.all(attended.map((one) => quizResults(world, caller, one, student_id))),
    sessionsOf(world, student_id),
    studentStats(world, caller, student_id),
  ]);
  const seen = sessions.filter(({ class_id }) => sees(class_id)).slice(0, exams);
  return {
    student_id,
    name,
    assignments: assignments.flat().toSorted(lastDueFirst),
    quizzes: quizzes.flat().toSorted(lastDueFirst),
    exams: await viewHistory(world, caller, seen),
    exam_stats,
  };
}

/** What has no due date is due last of all. */
const lastDueFirst = (a: { due_at: string | null }, b: { due_at: string | null }): number =>
  (a.due_at ?? '~') > (b.due_at ?? '~') ? -1 : a.due_at === b.due_at ? 0 : 1;

async function assignmentResults(
  world: World,
  caller: Caller,
  { class_id, name }: ClassRecord,
  student_id: string,
): Promise<StudentResults['assignments']> {
  const at = world.now().toISOString();
  const all = await assignmentsOf(world, class_id);
  const shown = waitsForOpening(caller) ? all.filter((one) => hasAssignmentOpened(one, at)) : all;
  const [titleOf, standings] = await Promise.all([
    titlesOf(world, shown),
    world.table.getMany(
      assignmentStandings,
      shown.map(({ assignment_id }) => ({ assignment_id, student_id })),
    ),
  ]);
  return shown.map((one, index) => {
    const standing = standings[index];
    const { value, status, late } = assignmentCell(one, standing, at);
    return {
      assignment_id: one.assignment_id,
      title: titleOf(one),
      class_id,
      class_name: name,
      due_at: dueFor(one, standing ?? noStanding),
      status,
      grade: value,
      late,
      attempts: standing?.attempts ?? 0,
    };
  });
}

async function quizResults(
  world: World,
  caller: Caller,
  { class_id, name }: ClassRecord,
  student_id: string,
): Promise<StudentResults['quizzes']> {
  const at = world.now().toISOString();
  const byPolicy = waitsForOpening(caller);
  const all = await quizzesOf(world, class_id);
  const shown = byPolicy ? all.filter((quiz) => hasQuizOpened(quiz, at)) : all;
  const standings = await world.table.getMany(
    quizStandings,
    shown.map(({ quiz_id }) => ({ quiz_id, student_id })),
  );
  return shown.map((quiz, index) => {
    const standing = standings[index];
    const { value, status, late } = quizCell(quiz, standing, at);
    return {
      quiz_id: quiz.quiz_id,
      title: quiz.title,
      class_id,
      class_name: name,
      due_at: quiz.due_at,
      status,
      percent: byPolicy && feedbackOf(quiz, at) === 'nothing' ? null : value,
      late,
      attempts: standing?.tries.length ?? 0,
    };
  });
}
