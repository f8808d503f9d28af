import { expect, test } from 'vitest';
import { makeDemoSchool } from '#functions/setup/demo.ts';
import { makeDemoQuiz } from '#functions/setup/demo-quiz.ts';
import { importItemBanks } from '#functions/setup/item-banks.ts';
import { readItemBanks } from '#shared/content/items.ts';
import { demoPeople } from '#shared/table/seed.ts';
import { aSchool } from '#tests/support/school.ts';
import { objectsOf } from '#tests/support/testing.ts';

const school = await aSchool();
const { table, org_id } = school;
const admin = await school.person('org_admin');
const root = { org_id, admin_user_id: admin.user_id };
const world = { table, now: () => new Date(), objects: await objectsOf(school) };

const quizzes = async () => (await admin.assessment.listQuizzes({})).items;

test('the demo class gets a quiz of the starting items, once, and its students can take it', async () => {
  await makeDemoSchool(world, root);
  await makeDemoQuiz(world, root);
  // without items there is nothing to ask, yet
  expect(await quizzes()).toEqual([]);
  await importItemBanks(world, root, readItemBanks);
  await Promise.all([makeDemoQuiz(world, root), makeDemoQuiz(world, root)]);
  const [quiz, ...more] = await quizzes();
  expect(more).toEqual([]);
  expect(quiz).toMatchObject({ title: 'Python warm-up', status: 'open', question_count: 8, max_score: 8 });

  const people = await table.get(demoPeople, {}, { consistent: true });
  const mina = school.clients(await school.tokenOf(people?.student ?? ''));
  const params = { quiz_id: quiz?.quiz_id ?? '' };
  const begun = await mina.assessment.startQuizAttempt({ params });
  expect(new Set(begun.questions.map(({ kind }) => kind))).toEqual(
    new Set(['choice', 'multi', 'numeric', 'text']),
  );
  const detail = await admin.assessment.getQuiz({ params });
  const answers = Object.fromEntries(
    (detail.questions ?? []).map((question) => [
      question.item_id,
      question.kind === 'numeric'
        ? question.key.value
        : question.kind === 'text'
          ? (question.key.accepted[0] ?? '')
          : question.key,
    ]),
  );
  const { attempt_id } = begun;
  const done = await mina.assessment.submitQuizAttempt({ params: { attempt_id }, body: { answers } });
  expect(done.result).toMatchObject({ percent: 100 });
  expect(done.result?.questions?.every(({ explanation }) => explanation !== null)).toBe(true);
});

test('a quiz that the school took back does not come again', async () => {
  const { quiz_id } = (await quizzes())[0] ?? { quiz_id: '' };
  await table.write({
    item: { Delete: { TableName: table.name, Key: { pk: `quiz#${quiz_id}`, sk: 'quiz' } } },
    orElse: undefined,
  });
  await makeDemoQuiz(world, root);
  expect(await quizzes()).toEqual([]);
});
