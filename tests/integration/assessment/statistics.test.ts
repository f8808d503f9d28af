/** Statistics of a quiz that was taken more often than one request reads. */
import { expect, test } from 'vitest';
import { uuidv7 } from '#shared/ids.ts';
import { quizStandings, quizWork } from '#shared/table/quiz.ts';
import { aQuiz } from '#tests/support/quizzes.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const { table } = school;
const { teacher, class_id } = await school.withClass({ students: 0 });

/** A finished attempt in which every answer is right, or none. */
async function attemptOf(quiz_id: string, ids: readonly string[], correct: boolean): Promise<string> {
  const attempt_id = uuidv7();
  await table.write(
    table.put(quizWork, {
      ...{ attempt_id, quiz_id, student_id: 'somebody', content_number: 1, deadline_at: null },
      ...{ saved: 1, saved_at: null, version: 1 },
      answers: Object.fromEntries(ids.map((item_id) => [item_id, correct ? 0 : 1])),
      scores: ids.map((item_id) => {
        return { item_id, points: Number(correct), max_points: 1, correct, answered: true };
      }),
    }),
  );
  return attempt_id;
}

test('of more attempts than are read at once the newest are analysed, and the reply says so', async () => {
  const asked = Array.from({ length: 100 }, (_, k) => ({ body: `${k}?`, options: ['a', 'b'], key: 0 }));
  const { quiz_id, questions } = await aQuiz(teacher, class_id, { questions: asked, max_attempts: null });
  const ids = questions?.map(({ item_id }) => item_id) ?? [];
  const [wrong, right] = [await attemptOf(quiz_id, ids, false), await attemptOf(quiz_id, ids, true)];
  const begin = Date.parse('2026-11-20T09:00:00.000Z');
  // twelve students with ninety attempts each, in turn; in the first eighty of all everything was wrong
  for (let who = 0; who < 12; who++) {
    const tries = Array.from({ length: 90 }, (_, k) => {
      const nth = 12 * k + who;
      const at = new Date(begin + nth * 1_000).toISOString();
      const result = nth < 80 ? { attempt_id: wrong, percent: 0 } : { attempt_id: right, percent: 100 };
      return { ...result, at, status: 'submitted' as const, late: false };
    });
    await table.write(table.put(quizStandings, { quiz_id, student_id: uuidv7(), tries, version: 1 }));
  }
  const statistics = (attempts: 'first' | 'last' | 'all') =>
    teacher.assessment.quizStatistics({ params: { quiz_id }, query: { attempts } });
  expect(await statistics('all')).toMatchObject({ attempts: 1_000, truncated: true, mean_percent: 100 });
  expect(await statistics('first')).toMatchObject({ attempts: 12, truncated: false, mean_percent: 0 });
});
