import { expect, test } from 'vitest';
import { events, eventsKey } from '#shared/realtime/event.ts';
import { aQuiz, rightAnswers } from '#tests/support/quizzes.ts';
import { socketsOfASchool } from '../realtime/sockets.ts';

const { school, open, streamed } = await socketsOfASchool();
const { class_id, teacher, students } = await school.withClass({ students: 2 });
const [mina, joon] = students;
if (!mina || !joon) throw new Error('two students were asked for');

test('who teaches the class sees attempts begin and end as it happens; a student hears of their own alone', async () => {
  const [staff, own, other] = [await open(teacher), await open(mina), await open(joon)];
  for (const socket of [staff, own, other]) {
    await socket.subscribe(`class:${class_id}`);
    socket.clear();
  }
  const quiz = await aQuiz(teacher, class_id, { time_limit_s: 120 });
  const begun = await mina.assessment.startQuizAttempt({ params: { quiz_id: quiz.quiz_id } });
  const { attempt_id } = begun;
  await mina.assessment.submitQuizAttempt({ params: { attempt_id }, body: { answers: rightAnswers(quiz) } });
  const source = `quiz:${attempt_id}`;
  const told = await school.table.queryAll(events, { pk: eventsKey(source) });
  expect(await streamed(...told)).toEqual([]);
  for (const socket of [staff, own]) {
    const heard = socket.received().toSorted((a, b) => Number(a['seq']) - Number(b['seq']));
    expect(heard).toMatchObject([
      {
        type: 'quiz.progress',
        topic: `class:${class_id}`,
        source,
        seq: 1,
        data: {
          quiz_id: quiz.quiz_id,
          attempt_id,
          student_id: mina.user_id,
          status: 'in_progress',
          deadline_at: begun.deadline_at,
        },
      },
      { type: 'quiz.progress', seq: 2, data: { status: 'submitted', number: 1, late: false } },
    ]);
    expect(JSON.stringify(heard)).not.toMatch(/score|percent|sekret/);
  }
  expect(other.received()).toEqual([]);
});
