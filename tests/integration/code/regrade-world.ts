/** A school whose submissions are graded again: a class of four, and everything one does with a regrade. */
import type { Verdict } from '#shared/domain/grading/types.ts';
import { events, eventsKey } from '#shared/realtime/event.ts';
import { assignmentStandings } from '#shared/table/assignment.ts';
import type { ExerciseRecord } from '#shared/table/exercise.ts';
import { submissions } from '#shared/table/submission.ts';
import { anExercise, certified, body as exerciseBody } from '#tests/support/exercises.ts';
import { type HandedIn, handedIn } from '#tests/support/handed-in.ts';
import { aSchool } from '#tests/support/school.ts';
import { type Script, scriptedGrader } from '#tests/support/scripted-grader.ts';

/** The tests of the exercise weigh 1, 2 and 1: a program passes those that its code names. */
export const byName: Script = (code, { name }): Verdict => (code.includes(name) ? 'pass' : 'wrong_answer');
const [two, large, called] = exerciseBody.tests;
export const firstTest = two;

export const passing = (...names: string[]): Verdict[] =>
  ['two', 'large', 'called'].map((name) => (names.includes(name) ? 'pass' : 'wrong_answer'));

export async function aRegradeWorld() {
  const school = await aSchool();
  const { table, org_id } = school;
  const { teacher, students, class_id } = await school.withClass({ students: 4 });
  const [anna, ben, cho, dan] = students;
  if (!anna || !ben || !cho || !dan) throw new Error('the class has students');
  const admin = await school.person('org_admin');

  /** The second version has the tests `two`, `large` and, new, `fixed` in the place of `called`. */
  async function secondVersion({ exercise_id }: ExerciseRecord) {
    await teacher.code.updateExercise({
      params: { exercise_id },
      body: { tests: [two, large, { ...called, name: 'fixed' }] },
    });
    await certified(table, exercise_id);
    await teacher.code.publishExercise({ params: { exercise_id } });
  }

  async function given(rules: { review?: 'always'; late?: boolean } = {}) {
    const exercise = await anExercise(table, { org_id, by: teacher.user_id });
    const { exercise_id } = exercise;
    const assignment = await teacher.code.createAssignment({
      body: { class_id, exercise_id, ...(rules.review && { review: rules.review }) },
    });
    const hands = (student: HandedIn['student'], code: string, more: Partial<HandedIn> = {}) =>
      handedIn(table, { exercise, student, assignment, code, ...more });
    const { assignment_id } = assignment;
    const standingOf = (student: { user_id: string }) =>
      table.get(assignmentStandings, { assignment_id, student_id: student.user_id }, { consistent: true });
    return { exercise, exercise_id, assignment_id, hands, standingOf };
  }

  const create = (
    { exercise_id, assignment_id }: { exercise_id: string; assignment_id: string },
    more = {},
  ) => teacher.code.createRegrade({ body: { exercise_id, assignment_id, ...more } });
  const read = ({ regrade_id }: { regrade_id: string }) =>
    teacher.code.getRegrade({ params: { regrade_id } });
  const rowsOf = async ({ regrade_id }: { regrade_id: string }, query = {}) =>
    (await teacher.code.listRegradeRows({ params: { regrade_id }, query })).items;
  const apply = ({ regrade_id }: { regrade_id: string }, body: { never_lower?: boolean } = {}) =>
    teacher.code.applyRegrade({ params: { regrade_id }, body });
  const stored = ({ submission_id }: { submission_id: string }) =>
    table.get(submissions, { submission_id }, { consistent: true });
  const eventsOf = (id: string) => table.queryAll(events, { pk: eventsKey(`job:${id}`) });

  /** Anna rises from 25 to 50, Ben falls from 75 to 50, Cho stays. */
  const aClassOfThree = async () => {
    const world = await given();
    const rising = await world.hands(anna, '# two fixed', { verdicts: passing('two') });
    const falling = await world.hands(ben, '# large', { verdicts: passing('large', 'called') });
    const staying = await world.hands(cho, '# two large', { verdicts: passing('two', 'large') });
    await secondVersion(world.exercise);
    return { ...world, rising, falling, staying };
  };

  async function previewed(
    world: { exercise_id: string; assignment_id: string },
    more = {},
    script = byName,
  ) {
    const regrade = await create(world, more);
    await scriptedGrader(table, script).run(regrade.job_id);
    return regrade;
  }
  async function applied(regrade: { regrade_id: string }, body = {}, script = byName) {
    const { job_id } = await apply(regrade, body);
    await scriptedGrader(table, script).run(job_id);
  }

  const people = { teacher, admin, anna, ben, cho, dan };
  const acts = { create, read, rowsOf, apply, stored, eventsOf, previewed, applied };
  return { school, class_id, ...people, given, aClassOfThree, secondVersion, ...acts };
}
