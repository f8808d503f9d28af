import { highestScore } from '#shared/domain/quizzes/score.ts';
import { derivedId } from '#shared/ids.ts';
import { opened } from '#shared/quizzes/freeze.ts';
import { type ItemRecord, itemExternalIds, items } from '#shared/table/item.ts';
import { classQuizzes, type QuizRecord, quizContents, quizzes } from '#shared/table/quiz.ts';
import { demoPeople, seeds } from '#shared/table/seed.ts';
import { type Root, type SetupWorld, unlessThere } from './content.ts';
import { classIdOf } from './demo.ts';
import { bankIdOf } from './item-banks.ts';

/** Items of the starting bank: every kind of question, easy ones first. */
const asked = ['py-02', 'py-12', 'py-31', 'py-21', 'py-26', 'py-38', 'py-48', 'py-62'];
const dayMs = 86_400_000;

/** Gives the demo school's class a quiz of the starting items, once, where the school has them. */
export async function makeDemoQuiz(world: SetupWorld, root: Root): Promise<void> {
  const { table, now } = world;
  if (await table.get(seeds, { name: 'demo_quizzes' }, { consistent: true })) return;
  const [people, questions] = await Promise.all([
    table.get(demoPeople, {}, { consistent: true }),
    startingItems(world, root),
  ]);
  if (!people || questions.length === 0) return;
  const { quiz, content } = await opened(world, draft(root, questions, { by: people.teacher, at: now() }));
  await unlessThere(table, [
    table.insert(seeds, { name: 'demo_quizzes', count: 1, created_at: now().toISOString() }),
    table.insert(quizzes, quiz),
    table.insert(classQuizzes, quiz),
    table.insert(quizContents, content),
  ]);
}

async function startingItems({ table }: SetupWorld, root: Root): Promise<ItemRecord[]> {
  const bank_id = bankIdOf(root, 'python-basics');
  const known = await table.getMany(
    itemExternalIds,
    asked.map((external_id) => ({ bank_id, external_id })),
  );
  const found = await table.getMany(
    items,
    known.filter((one) => one !== undefined),
  );
  return found.filter((item) => item !== undefined);
}

function draft(
  root: Root,
  of: readonly ItemRecord[],
  made: { readonly by: string; readonly at: Date },
): QuizRecord {
  const at = made.at.toISOString();
  const questions = of.map(({ item_id, bank_id, revision, external_id }) => {
    return { item_id, bank_id, revision, external_id, points: 1 };
  });
  return {
    quiz_id: derivedId(root.org_id, 'demo', 'quiz', 'python-warm-up'),
    org_id: root.org_id,
    class_id: classIdOf(root),
    title: 'Python warm-up',
    description: 'Eight short questions, ten minutes. You may take it three times; the best one counts.',
    questions,
    max_score: highestScore(questions),
    content_number: 0,
    time_limit_s: 600,
    opens_at: null,
    due_at: new Date(made.at.getTime() + 7 * dayMs).toISOString(),
    late_policy: 'accept',
    max_attempts: 3,
    counts: 'best',
    feedback: { when: 'after_submit', show: 'answers' },
    shuffle_questions: false,
    shuffle_options: true,
    status: 'draft',
    created_by: made.by,
    created_at: at,
    updated_at: at,
    version: 1,
  };
}
