import { expect, test } from 'vitest';
import { uuidv7 } from '#shared/ids.ts';
import { events, eventsKey } from '#shared/realtime/event.ts';
import { assignmentStandings } from '#shared/table/assignment.ts';
import { exercises } from '#shared/table/exercise.ts';
import { anExercise } from '#tests/support/exercises.ts';
import { hour, inHours } from '#tests/support/moments.ts';
import { refusal, refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { stands } from '#tests/support/standings.ts';

const school = await aSchool();
const { table, org_id } = school;
const { teacher, students, class_id } = await school.withClass({ students: 3 });
const [student, other, third] = students;
if (!student || !other || !third) throw new Error('the class has students');
const guardian = await school.person('guardian');
await teacher.school.linkGuardian({
  body: { guardian_id: guardian.user_id, student_id: student.user_id },
});
const { exercise_id } = await anExercise(table, { org_id, by: teacher.user_id });

type Body = Parameters<typeof teacher.code.createAssignment>[0]['body'];
const given = (more: Partial<Body> = {}) =>
  teacher.code.createAssignment({ body: { class_id, exercise_id, ...more } });
const path = ({ assignment_id }: { assignment_id: string }) => ({ params: { assignment_id } });

test('an assignment has the exercise’s title unless it has its own, and the usual rules', async () => {
  const made = await given();
  expect(made).toMatchObject({
    class_name: '수학 I',
    title: 'Squares',
    exercise: { exercise_id, title: 'Squares', created_by_name: teacher.name, version: 1 },
    opens_at: null,
    due_at: null,
    late_policy: { kind: 'accept' },
    max_attempts: null,
    cooldown_s: 0,
    review: 'on_request',
    version: 1,
    mine: null,
  });
  const named = await teacher.code.updateAssignment({
    ...path(made),
    body: { title: 'Homework', version: 1 },
  });
  expect(named).toMatchObject({ title: 'Homework', version: 2 });
  const old = teacher.code.updateAssignment({ ...path(made), body: { title: null, version: 1 } });
  expect(await refusal(old)).toBe('409 assignment.changed');
});

test('the same key gives an exercise once, and the exercise counts it once', async () => {
  const { exercise_id: fresh } = await anExercise(table, { org_id, by: teacher.user_id });
  const call = { body: { class_id, exercise_id: fresh }, idempotency_key: uuidv7() };
  const made = await Promise.all([1, 2, 3].map(() => teacher.code.createAssignment(call)));
  expect(new Set(made.map(({ assignment_id }) => assignment_id)).size).toBe(1);
  expect(await table.get(exercises, { exercise_id: fresh }, { consistent: true })).toMatchObject({
    assignment_count: 1,
  });
});

test('only a published exercise of the same organisation is given, to a class that one teaches', async () => {
  const draft = await anExercise(table, { org_id, by: teacher.user_id, state: 'certified' });
  expect(await refusal(given({ exercise_id: draft.exercise_id }))).toBe('409 exercise.not_published');
  expect(await refusal(given({ exercise_id: uuidv7() }))).toBe('400 exercise.unknown');
  const elsewhere = await anExercise(table, { org_id: await school.organization(), by: teacher.user_id });
  expect(await refusal(given({ exercise_id: elsewhere.exercise_id }))).toBe('400 exercise.unknown');
  const foreign = await school.withClass({});
  expect(await refusal(given({ class_id: foreign.class_id }))).toBe('400 class.unknown');
  const helper = await school.person('teacher');
  await teacher.school.putStaff({
    params: { class_id, user_id: helper.user_id },
    body: { role: 'assistant' },
  });
  const asHelper = helper.code.createAssignment({ body: { class_id, exercise_id } });
  expect(await refusal(asHelper)).toBe('403 class.assistant');
});

test('dates that contradict each other are refused, in whatever form they come', async () => {
  const penalty = { kind: 'penalty', percent_per_day: 10 } as const;
  for (const [more, field] of [
    [{ opens_at: '2026-11-20T09:00:00.000Z', due_at: '2026-11-20T09:00:00Z' }, 'due_at'],
    [{ opens_at: inHours(2), due_at: inHours(1) }, 'due_at'],
    [{ late_policy: { ...penalty, until: inHours(1) } }, 'until'],
    [{ due_at: inHours(2), late_policy: { ...penalty, until: inHours(1) } }, 'until'],
  ] as const) {
    const refused = await refusedWith(given(more));
    expect(refused.status).toBe(422);
    expect(JSON.stringify(refused.body)).toContain(field);
  }
  const made = await given({ opens_at: inHours(-1), due_at: inHours(1) });
  const early = teacher.code.updateAssignment({ ...path(made), body: { due_at: inHours(-2) } });
  expect(await refusal(early)).toBe('422 request.invalid');
});

test('an assignment that opens later is the staff’s secret until then', async () => {
  const made = await given({ opens_at: inHours(1), due_at: inHours(2) });
  for (const person of [student, guardian])
    expect(await refusal(person.code.getAssignment(path(made)))).toBe('404 assignment.not_found');
  const list = async (person: typeof student) =>
    (await person.code.listAssignments({ query: { class_id, limit: 100 } })).items.map(
      (one) => one.assignment_id,
    );
  expect(await list(student)).not.toContain(made.assignment_id);
  expect(await list(teacher)).toContain(made.assignment_id);
  await teacher.code.updateAssignment({ ...path(made), body: { opens_at: inHours(-1) } });
  expect(await list(student)).toContain(made.assignment_id);
  expect(await student.code.getExercise({ params: { exercise_id } })).toMatchObject({ title: 'Squares' });
});

test('the class hears of it at once, of one that opens later its staff alone', async () => {
  const now = await given({ title: 'Now' });
  const later = await given({ opens_at: inHours(1) });
  const told = async (id: string) => (await table.query(events, { pk: eventsKey(`assignment:${id}`) })).items;
  expect(await told(now.assignment_id)).toMatchObject([
    {
      seq: 1,
      event_type: 'assignment.created',
      fan_in: [`class:${class_id}`],
      owner_id: null,
      data: { assignment_id: now.assignment_id, exercise_id, title: 'Now' },
    },
  ]);
  expect(await told(later.assignment_id)).toMatchObject([{ owner_id: teacher.user_id }]);
});

test('a student sees where they stand: dates, attempts and when the next one may come', async () => {
  const made = await given({
    due_at: inHours(1),
    max_attempts: 2,
    cooldown_s: 600,
    late_policy: { kind: 'refuse' },
  });
  const mine = async () => (await student.code.getAssignment(path(made))).mine;
  expect(await mine()).toEqual({
    due_at: made.due_at,
    attempts: 0,
    attempts_left: 2,
    next_attempt_at: null,
    best_grade: null,
    last_submission_id: null,
    is_open: true,
  });
  const last_at = new Date().toISOString();
  await stands(table, made.assignment_id, student.user_id, { last_at });
  expect(await mine()).toMatchObject({
    attempts: 1,
    attempts_left: 1,
    best_grade: 75,
    next_attempt_at: new Date(Date.parse(last_at) + 600_000).toISOString(),
  });
  await teacher.code.putExtension({
    params: { assignment_id: made.assignment_id, student_id: student.user_id },
    body: { due_at: inHours(24), extra_attempts: 3 },
  });
  expect(await mine()).toMatchObject({ attempts: 1, attempts_left: 4, best_grade: 75 });
  expect(Date.parse((await mine())?.due_at ?? '')).toBeGreaterThan(Date.now() + 23 * hour);
  expect((await other.code.getAssignment(path(made))).mine).toMatchObject({
    attempts_left: 2,
    due_at: made.due_at,
  });
});

test('a guardian asks for their child and sees where it stands, of nobody else’s', async () => {
  const made = await given();
  await stands(table, made.assignment_id, student.user_id);
  const query = { student_id: student.user_id, limit: 100 };
  const { items } = await guardian.code.listAssignments({ query });
  expect(items.find(({ assignment_id }) => assignment_id === made.assignment_id)).toMatchObject({
    mine: { attempts: 1, best_grade: 75 },
  });
  const stranger = guardian.code.listAssignments({ query: { student_id: other.user_id } });
  expect(await refusal(stranger)).toBe('404 student.not_found');
  expect(await refusal(other.code.listAssignments({ query }))).toBe('404 student.not_found');
});

test('the board lists the whole roster, those without work as not started', async () => {
  const made = await given();
  await stands(table, made.assignment_id, student.user_id, { status: 'graded', best_grade: 90, late: true });
  await stands(table, made.assignment_id, other.user_id, {
    status: 'grading',
    best_grade: null,
    attempts: 2,
  });
  const board = await teacher.code.assignmentProgress(path(made));
  expect(board.total).toBe(3);
  expect(board.items).toMatchObject([
    { student_id: student.user_id, student_name: student.name, status: 'graded', grade: 90, late: true },
    { student_id: other.user_id, status: 'grading', grade: null, attempts: 2 },
    { student_id: third.user_id, status: 'not_started', attempts: 0, last_at: null, extension: null },
  ]);
  const waiting = await teacher.code.assignmentProgress({ ...path(made), query: { status: 'not_started' } });
  expect(waiting).toMatchObject({ total: null, items: [{ student_id: third.user_id }] });
  const first = await teacher.code.assignmentProgress({ ...path(made), query: { limit: 2 } });
  const second = await teacher.code.assignmentProgress({
    ...path(made),
    query: { limit: 2, cursor: first.next_cursor ?? '' },
  });
  expect([...first.items, ...second.items]).toEqual(board.items);
  expect(await refusal(student.code.assignmentProgress(path(made)))).toBe('403 auth.role');
});

test('an extension is for a student of the class, gives more and never less, and can be taken back', async () => {
  const made = await given({ due_at: inHours(1) });
  const put = (student_id: string, body: { due_at?: string; extra_attempts?: number }) =>
    teacher.code.putExtension({ params: { assignment_id: made.assignment_id, student_id }, body });
  const stranger = await school.person('student');
  expect(await refusal(put(stranger.user_id, { extra_attempts: 1 }))).toBe('400 student.unknown');
  expect(await refusal(put(student.user_id, { due_at: inHours(0.5) }))).toBe('422 request.invalid');
  const endless = await given();
  const nothing = teacher.code.putExtension({
    params: { assignment_id: endless.assignment_id, student_id: student.user_id },
    body: { due_at: inHours(5) },
  });
  expect(await refusal(nothing)).toBe('422 request.invalid');
  const set = await put(student.user_id, { due_at: inHours(5), extra_attempts: 2 });
  expect(set).toMatchObject({ student_id: student.user_id, extra_attempts: 2, set_by: teacher.user_id });
  const extensions = async () =>
    (await teacher.code.assignmentProgress(path(made))).items.map(({ extension }) => extension);
  expect(await extensions()).toEqual([set, null, null]);
  await put(student.user_id, {});
  expect(await extensions()).toEqual([null, null, null]);
});

test('an extension while work comes in loses neither', async () => {
  const made = await given({ due_at: inHours(1) });
  const id = { assignment_id: made.assignment_id, student_id: student.user_id };
  await stands(table, id.assignment_id, id.student_id);
  await Promise.all([
    teacher.code.putExtension({ params: id, body: { extra_attempts: 1 } }),
    table.write(
      table.update(assignmentStandings, id, {
        expression: 'ADD #attempts :one, #version :one',
        values: { ':one': 1 },
      }),
    ),
  ]);
  expect(await table.get(assignmentStandings, id, { consistent: true })).toMatchObject({
    attempts: 2,
    extension: { extra_attempts: 1 },
  });
});

test('with work handed in an assignment stays; with extensions alone it goes, and the exercise is free again', async () => {
  const { exercise_id: fresh } = await anExercise(table, { org_id, by: teacher.user_id });
  const used = await given({ exercise_id: fresh });
  await stands(table, used.assignment_id, student.user_id);
  expect(await refusal(teacher.code.deleteAssignment(path(used)))).toBe('409 assignment.in_use');
  const unused = await given({ exercise_id: fresh });
  await teacher.code.putExtension({
    params: { assignment_id: unused.assignment_id, student_id: student.user_id },
    body: { extra_attempts: 1 },
  });
  await teacher.code.deleteAssignment(path(unused));
  expect(await refusal(teacher.code.getAssignment(path(unused)))).toBe('404 assignment.not_found');
  expect(await table.queryAll(assignmentStandings, { pk: `assignment#${unused.assignment_id}` })).toEqual([]);
  expect(await table.get(exercises, { exercise_id: fresh }, { consistent: true })).toMatchObject({
    assignment_count: 1,
  });
});

test('a class with assignments is not deleted, nor given work in the moment that it is', async () => {
  const empty = await school.withClass({ name: 'Empty' });
  const give = () => empty.teacher.code.createAssignment({ body: { class_id: empty.class_id, exercise_id } });
  const remove = () => empty.teacher.school.deleteClass({ params: { class_id: empty.class_id } });
  const made = await give();
  const refused = await refusedWith(remove());
  expect(refused).toMatchObject({ summary: '409 class.in_use' });
  expect(refused.message).toContain('1 assignment');
  await empty.teacher.code.deleteAssignment(path(made));
  const [given, removed] = await Promise.allSettled([give(), remove()]);
  expect([given.status, removed.status].toSorted()).toEqual(['fulfilled', 'rejected']);
});

test('lists are by due date, of a class, of a student and of all classes of a person', async () => {
  const busy = await school.withClass({ students: 1, name: 'Busy' });
  const [pupil] = busy.students;
  if (!pupil) throw new Error('the class has a student');
  const second = await busy.teacher.school.createClass({ body: { name: 'Second' } });
  await busy.teacher.school.enroll({ body: { class_id: second.class_id, student_id: pupil.user_id } });
  const dues = [5, 1, undefined, 3, 2, undefined, 4];
  for (const [at, hours] of dues.entries())
    await busy.teacher.code.createAssignment({
      body: {
        class_id: at % 2 === 0 ? busy.class_id : second.class_id,
        exercise_id,
        title: `due ${hours ?? 'never'}`,
        ...(hours !== undefined && { due_at: inHours(hours) }),
      },
    });
  const all = ['due 1', 'due 2', 'due 3', 'due 4', 'due 5', 'due never', 'due never'];
  const titlesOf = async (person: typeof pupil, query: object) => {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await person.code.listAssignments({
        query: { ...query, limit: 2, ...(cursor && { cursor }) },
      });
      found.push(...page.items.map(({ title }) => title));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    return found;
  };
  const ofFirst = ['due 2', 'due 4', 'due 5', 'due never'];
  const admin = await school.person('org_admin');
  expect(await titlesOf(busy.teacher, {})).toEqual(all);
  expect(await titlesOf(pupil, {})).toEqual(all);
  for (const person of [busy.teacher, pupil, admin])
    expect(await titlesOf(person, { class_id: busy.class_id })).toEqual(ofFirst);
  for (const person of [busy.teacher, admin])
    expect(await titlesOf(person, { student_id: pupil.user_id })).toEqual(all);
  expect(await titlesOf(admin, { student_id: pupil.user_id, class_id: busy.class_id })).toEqual(ofFirst);
  expect((await titlesOf(admin, {})).filter((title) => title.startsWith('due '))).toEqual(all);
  expect(await titlesOf(busy.teacher, { exercise_id: uuidv7() })).toEqual([]);
  expect((await titlesOf(admin, { exercise_id })).filter((title) => title.startsWith('due '))).toEqual(all);
  expect(await titlesOf(student, {})).not.toContain('due 1');
});
