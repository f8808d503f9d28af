import { describe, expect, test } from 'vitest';
import { topicOf } from '#shared/jobs/advance.ts';
import { events, eventsKey } from '#shared/realtime/event.ts';
import { assignmentStandings } from '#shared/table/assignment.ts';
import { exerciseStandings } from '#shared/table/exercise.ts';
import { gradings } from '#shared/table/submission.ts';
import { anExercise } from '#tests/support/exercises.ts';
import { type HandedIn, handedIn } from '#tests/support/handed-in.ts';
import { refusal, refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { scriptedGrader } from '#tests/support/scripted-grader.ts';

const school = await aSchool();
const { table, org_id } = school;
const { teacher, students, class_id } = await school.withClass({ students: 2 });
const [student, other] = students;
if (!student || !other) throw new Error('the class has students');
const admin = await school.person('org_admin');
const assistant = await school.person('assistant');
await teacher.school.putStaff({
  params: { class_id, user_id: assistant.user_id },
  body: { role: 'assistant' },
});
const guardian = await school.person('guardian');
await teacher.school.linkGuardian({ body: { guardian_id: guardian.user_id, student_id: student.user_id } });

const exercise = await anExercise(table, { org_id, by: teacher.user_id });
const { exercise_id } = exercise;

type Rules = Partial<Parameters<typeof teacher.code.createAssignment>[0]['body']>;
const submitted = async (more: Partial<HandedIn> = {}, rules: Rules = {}) => {
  const assignment = await teacher.code.createAssignment({ body: { class_id, exercise_id, ...rules } });
  const submission = await handedIn(table, { exercise, student, assignment, ...more });
  const { submission_id } = submission;
  const { assignment_id } = assignment;
  return {
    ...submission,
    assignment,
    review: (by: typeof teacher, body: { note?: string; grade?: number; feedback?: string }) =>
      by.code.requestReview({ params: { submission_id }, body }),
    standing: () =>
      table.get(assignmentStandings, { assignment_id, student_id: student.user_id }, { consistent: true }),
    told: async () =>
      (await table.queryAll(events, { pk: eventsKey(topicOf({ job_id: submission_id })) })).slice(1),
  };
};
const half = ['pass', 'wrong_answer', 'pass'] as const;

describe('a student', () => {
  test('asks once for a person to look; the grade stays until then', async () => {
    const { review, standing, told } = await submitted({ verdicts: half });
    const asked = await review(student, { note: 'Test 2 is wrong.' });
    expect(asked).toMatchObject({
      status: 'manual_review',
      review_reason: 'requested',
      review_note: 'Test 2 is wrong.',
      grade: 50,
    });
    expect(await standing()).toMatchObject({ status: 'manual_review', best_grade: 50 });
    expect((await told()).map(({ event_type }) => event_type)).toEqual(['review.requested', 'job.status']);
    expect((await told())[1]).toMatchObject({
      data: { status: 'manual_review' },
      fan_in: [`class:${class_id}`],
    });
    expect(await refusal(review(student, { note: 'Again.' }))).toBe('409 review.asked');
    await review(teacher, { feedback: 'The test is right.' });
    expect(await refusal(review(student, { note: 'Still.' }))).toBe('409 review.asked');
  });

  test('gives no grades, has to say what to look at, and sees no work of others', async () => {
    const { review } = await submitted();
    expect(await refusal(review(student, { grade: 100 }))).toBe('403 review.staff_only');
    expect(await refusal(review(student, { note: 'x', feedback: 'Well done me.' }))).toBe(
      '403 review.staff_only',
    );
    expect(await refusal(review(other, { note: 'Me too.' }))).toBe('404 submission.not_found');
    expect(await refusal(review(guardian, { note: 'My child.' }))).toBe('403 auth.role');
  });

  test('cannot ask before there is a result, where nobody looks, or while somebody does', async () => {
    const pending = await submitted({ state: 'pending' });
    expect(await refusal(pending.review(student, { note: 'Faster.' }))).toBe('409 submission.pending');
    const never = await submitted({}, { review: 'never' });
    expect(await refusal(never.review(student, { note: 'Please.' }))).toBe('409 review.not_offered');
    const rule = await submitted({ state: 'rule' }, { review: 'always' });
    expect(await refusal(rule.review(student, { note: 'Please.' }))).toBe('409 review.under_way');
  });

  test('asks once, however often the same request arrives', async () => {
    const { submission_id } = await submitted();
    const ask = () =>
      school.fetch(`${school.origin}/api/submissions/${submission_id}/review`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${student.token}`,
          'content-type': 'application/json',
          'idempotency-key': `ask-${submission_id}`,
        },
        body: JSON.stringify({ note: 'Once.' }),
      });
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
  });
});

describe('staff', () => {
  test('set grade and feedback; who, what and when stays in the history', async () => {
    const { review, standing, told } = await submitted({ verdicts: half });
    const decided = await review(teacher, { grade: 90, feedback: 'A fine idea in line 2.' });
    expect(decided).toMatchObject({
      status: 'graded',
      grade: 90,
      raw_grade: 50,
      grader: 'teacher',
      feedback: 'A fine idea in line 2.',
      automated_tests_passed: 2,
    });
    expect(decided.gradings).toMatchObject([
      { number: 1, grade: 50, grader: 'system', grader_id: null, reason: 'submitted' },
      {
        number: 2,
        grade: 90,
        grader: 'teacher',
        grader_id: teacher.user_id,
        grader_name: teacher.name,
        reason: 'override',
        feedback: 'A fine idea in line 2.',
        at: decided.graded_at,
      },
    ]);
    expect(await standing()).toMatchObject({ best_grade: 90, status: 'graded' });
    expect((await told()).map((one) => [one.event_type, one.data['grade'] ?? one.data['status']])).toEqual([
      ['code.result', 90],
      ['job.status', 'graded'],
    ]);
  });

  test('assistants too, and each decision adds to the history', async () => {
    const { review } = await submitted();
    await review(assistant, { grade: 80 });
    const { gradings: history } = await review(teacher, { grade: 85 });
    expect(history.map(({ grader_id, grade }) => [grader_id, grade])).toEqual([
      [null, 100],
      [assistant.user_id, 80],
      [teacher.user_id, 85],
    ]);
  });

  test('lower the best grade only as far as the next best submission', async () => {
    const first = await submitted({ verdicts: half });
    const second = await handedIn(table, { exercise, student, assignment: first.assignment });
    expect(await first.standing()).toMatchObject({ best_grade: 100 });
    await teacher.code.requestReview({
      params: { submission_id: second.submission_id },
      body: { grade: 10, feedback: 'This is not your own.' },
    });
    expect(await first.standing()).toMatchObject({ best_grade: 50 });
    expect(
      await table.get(exerciseStandings, { exercise_id, student_id: student.user_id }, { consistent: true }),
    ).toMatchObject({ status: 'graded', last_submission_id: second.submission_id });
  });

  test('let the tests’ grade stand after a rule, with what late policy leaves of it', async () => {
    const due_at = new Date(Date.now() - 3_600_000).toISOString();
    const late_policy = { kind: 'penalty', percent_per_day: 10 } as const;
    const { review, standing } = await submitted(
      { state: 'rule', verdicts: half },
      { review: 'always', due_at, late_policy },
    );
    expect(await standing()).toMatchObject({ best_grade: null, status: 'manual_review' });
    const decided = await review(teacher, { feedback: 'Good.' });
    expect(decided).toMatchObject({ status: 'graded', grade: 45, raw_grade: 50, grader: 'system' });
    expect(decided.test_results).toHaveLength(3);
    expect(await standing()).toMatchObject({ best_grade: 45 });
  });

  test('are asked by an assignment’s rule: the tests run, their results stay, and there is no grade yet', async () => {
    const { assignment_id } = await teacher.code.createAssignment({
      body: { class_id, exercise_id, review: 'always' },
    });
    const { submission_id } = await other.code.submit({
      params: { exercise_id },
      body: { submission_code: 'print(1)', assignment_id },
    });
    await scriptedGrader(table, (_code, { name }) => (name === 'large' ? 'wrong_answer' : 'pass')).run(
      submission_id,
    );
    const params = { submission_id };
    const waiting = await other.code.getSubmission({ params });
    expect(waiting).toMatchObject({
      status: 'manual_review',
      review_reason: 'rule',
      grade: null,
      raw_grade: 50,
      automated_tests_passed: 2,
    });
    expect(waiting.test_results?.map(({ status }) => status)).toEqual(['pass', 'wrong_answer', 'pass']);
    expect(await teacher.code.requestReview({ params, body: { grade: 55 } })).toMatchObject({
      status: 'graded',
      grade: 55,
      review_reason: null,
    });
  });

  test('have to give a grade where the platform failed to', async () => {
    const { submission_id, review, standing } = await submitted({ state: 'failed' });
    const refused = await refusedWith(review(teacher, { feedback: 'Hm.' }));
    expect(refused.body).toMatchObject({ detail: [{ loc: ['body', 'grade'] }] });
    expect(await review(teacher, { grade: 70 })).toMatchObject({
      status: 'graded',
      grade: 70,
      raw_grade: null,
      review_reason: null,
    });
    expect(await standing()).toMatchObject({ best_grade: 70, status: 'graded' });
    const again = admin.code.redriveSubmission({ params: { submission_id } });
    expect(await refusal(again)).toBe('409 submission.not_failed');
  });

  test('decide about nobody they do not teach, nor about themselves', async () => {
    const { submission_id, review } = await submitted();
    const stranger = await school.person('teacher');
    expect(await refusal(review(stranger, { grade: 0 }))).toBe('404 submission.not_found');
    expect(await refusal(review(teacher, { note: 'Why?' }))).toBe('422 request.invalid');
    const mine = await handedIn(table, { exercise, student: assistant });
    const own = assistant.code.requestReview({
      params: { submission_id: mine.submission_id },
      body: { grade: 100 },
    });
    expect(await refusal(own)).toBe('403 review.own');
    const history = await table.queryAll(gradings, { pk: `submission#${submission_id}`, prefix: 'grading#' });
    expect(history).toHaveLength(1);
  });

  test('two who decide at once are both kept, and the last one counts', async () => {
    const { submission_id, review } = await submitted();
    await Promise.all([review(teacher, { grade: 60 }), review(assistant, { grade: 70 })]);
    const shown = await teacher.code.getSubmission({ params: { submission_id } });
    expect(shown.gradings.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(shown.grade).toBe(shown.gradings.at(-1)?.grade);
  });
});

describe('comments', () => {
  const comment = (by: typeof teacher, submission_id: string, text: string, line: number | null = null) =>
    by.code.addComment({ params: { submission_id }, body: { text, line } });

  test('are listed by line, those about the whole first, and tell whoever watches', async () => {
    const { submission_id, told } = await submitted();
    await comment(teacher, submission_id, 'Why a new variable?', 2);
    await comment(student, submission_id, 'It reads better.', 2);
    await comment(assistant, submission_id, 'Nice.');
    const { items, total } = await guardian.code.listComments({ params: { submission_id } });
    expect(total).toBe(3);
    expect(items.map(({ line, text, author_name }) => [line, text, author_name])).toEqual([
      [null, 'Nice.', assistant.name],
      [2, 'Why a new variable?', teacher.name],
      [2, 'It reads better.', student.name],
    ]);
    const events = await told();
    expect(events.map(({ seq, event_type }) => [seq, event_type])).toEqual([
      [2, 'comment.added'],
      [3, 'comment.added'],
      [4, 'comment.added'],
    ]);
    expect(events[0]?.data).not.toHaveProperty('text');
  });

  test('are about a line that is there', async () => {
    const { submission_id } = await submitted({ code: 'a\nb\n' });
    expect(await refusal(comment(teacher, submission_id, 'Here.', 4))).toBe('422 request.invalid');
    expect(await comment(teacher, submission_id, 'Here.', 3)).toMatchObject({ line: 3 });
  });

  test('are nobody else’s business, and guardians only read', async () => {
    const { submission_id } = await submitted();
    expect(await refusal(comment(other, submission_id, 'Hi.'))).toBe('404 submission.not_found');
    expect(await refusal(other.code.listComments({ params: { submission_id } }))).toBe(
      '404 submission.not_found',
    );
    expect(await refusal(comment(guardian as typeof teacher, submission_id, 'Hi.'))).toBe('403 auth.role');
  });
});
