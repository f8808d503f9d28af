/** Tests taken through the API, amended by a teacher: what the API says of them all against its single answers. */
import '#tests/support/quiet.ts';
import { expect, test } from 'vitest';
import { planUsage } from '#shared/table/exam-plan.ts';
import { examSessions } from '#shared/table/exam-session.ts';
import { anExam, answerTo, take } from '#tests/support/exams.ts';
import { aProjector } from '#tests/support/projector.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const { table } = school;
const { deliver } = await aProjector();

const stop = { max_items: 6, min_items: 2, se: null } as const;
const exam = await anExam(school, {
  students: 12,
  items: 24,
  config: { stop, exposure: { r_max: 0.9, eligibility: { r_max: 0.6 } } },
});
const { teacher, students, class_id, plan } = exam;

const sessionsNow = async () => {
  const listed = await table.queryAll(examSessions, { index: 'gsi2', pk: `class#${class_id}#exams` });
  return (await table.getMany(examSessions, listed)).filter((one) => one !== undefined);
};

/** Every answer, as the API tells the teacher. */
async function rawAnswers() {
  const heads = await sessionsNow();
  return Promise.all(
    heads.map(({ exam_session_id }) => teacher.testing.getExamSession({ params: { exam_session_id } })),
  );
}

async function expectExact(): Promise<void> {
  const sessions = await rawAnswers();
  const completed = sessions.filter(({ status }) => status === 'completed');
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const stats = await teacher.school.classExamStats({ params: { class_id } });
  expect(stats).toMatchObject({ total_exams: sessions.length, completed_exams: completed.length });
  expect(stats.average_theta).toBeCloseTo(mean(completed.map(({ theta }) => theta ?? Number.NaN)), 5);
  expect(stats.average_score).toBeCloseTo(mean(completed.map(({ score }) => score ?? Number.NaN)), 5);

  const answers = new Map<string, number[]>();
  for (const { item_id, score, voided } of completed.flatMap(({ attempts }) => attempts))
    if (!voided) answers.set(item_id, [...(answers.get(item_id) ?? []), score ?? Number.NaN]);
  const counted = await Promise.all(
    exam.bank.items.map(({ item_id }) => teacher.testing.getItemStats({ params: { item_id } })),
  );
  for (const found of counted) {
    const scores = answers.get(found.item_id) ?? [];
    expect([found.item_id, found.attempts]).toEqual([found.item_id, scores.length]);
    if (scores.length < 10) expect(found.p_correct).toBeNull();
    else expect(found.p_correct).toBeCloseTo(mean(scores), 9);
  }
}

test('twelve tests, one left, answers sent twice, amendments: every statistic is that of the answers', async () => {
  const seen = [];
  for (const [at, student] of students.entries()) {
    const { exam_session_id } = await exam.start(student);
    seen.push(...(await sessionsNow()));
    if (at === 3) {
      const { item } = await student.testing.nextExamItem({ params: { exam_session_id } });
      const item_id = item?.item_id ?? '';
      const selected_choice = answerTo(exam.itemOf.get(item_id), true);
      const body = { exam_session_id, item_id, selected_choice, response_time_ms: 700 };
      await Promise.all([1, 2, 3].map(() => student.testing.createAttempt({ body })));
    }
    if (at === 5) {
      await student.testing.updateExamSession({ params: { exam_session_id }, body: { status: 'abandoned' } });
      continue;
    }
    await take(exam, student, exam_session_id, (n) => (n * 5 + at) % 3 !== 0);
  }
  const ended = await sessionsNow();
  await deliver([...ended, ...seen, ...ended.toReversed()]);
  await expectExact();

  const [first, second] = (await rawAnswers()).filter(({ status }) => status === 'completed');
  const [voided, rescored] = [first?.attempts[1], second?.attempts[0]];
  if (!voided || !rescored) throw new Error('there are answers');
  const reason = 'The question was wrong.';
  await teacher.testing.updateAttempt({
    params: { attempt_id: voided.attempt_id },
    body: { action: 'void', reason },
  });
  await teacher.testing.updateAttempt({
    params: { attempt_id: rescored.attempt_id },
    body: { action: 'rescore', category: rescored.category === 1 ? 0 : 1, reason },
  });
  await deliver([...seen, ...(await sessionsNow()), ...ended]);
  await expectExact();
});

test('exposure counts know each ended session once, and what it was given', async () => {
  const usage = await table.get(planUsage, plan, { consistent: true });
  const sessions = await rawAnswers();
  const given = new Map<string, number>();
  for (const { attempts } of sessions)
    for (const { item_id } of attempts) given.set(item_id, (given.get(item_id) ?? 0) + 1);
  expect(usage?.sessions).toBe(12);
  const abandoned = sessions.filter(({ status }) => status === 'abandoned').length;
  const administered = usage?.administered.reduce((sum, count) => sum + count, 0) ?? 0;
  // the item that waited when somebody gave up was given, too
  expect(administered - [...given.values()].reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(
    abandoned,
  );
  expect(administered).toBeGreaterThan(60);
  for (const [at, count] of (usage?.eligible ?? []).entries())
    expect(count).toBeGreaterThanOrEqual(usage?.administered[at] ?? 0);
});
