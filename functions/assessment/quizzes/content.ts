import { invalid } from '#shared/errors.ts';
import { contentOf } from '#shared/quizzes/content.ts';
import { itemRevisions, items } from '#shared/table/item.ts';
import {
  type ContentQuestion,
  contentQuestion,
  type QuizContent,
  type QuizRecord,
} from '#shared/table/quiz.ts';
import type { AssessmentWorld } from '../world.ts';

type Asked = Pick<QuizRecord, 'questions'>;

/** The questions as their items are now; of a draft that was deleted, as it was. */
async function questionsNow({ table }: AssessmentWorld, { questions }: Asked): Promise<ContentQuestion[]> {
  const heads = await table.getMany(items, questions);
  const gone = questions.filter((_, at) => heads[at] === undefined);
  const kept = new Map(
    (await table.getMany(itemRevisions, gone)).flatMap((one) => (one ? [[one.item_id, one] as const] : [])),
  );
  return questions.map((question, at) => {
    const item = heads[at] ?? kept.get(question.item_id);
    if (!item) throw new Error(`item ${question.item_id} has neither head nor revision`);
    // leaves out what is the item's alone
    return contentQuestion.parse({ ...item, ...question, revision: item.revision });
  });
}

/** The questions of a quiz, with their keys: frozen ones, or before it opens those that would be asked. */
export const shownQuestions = async (world: AssessmentWorld, quiz: QuizRecord): Promise<ContentQuestion[]> =>
  quiz.content_number === 0 || quiz.status === 'draft'
    ? questionsNow(world, quiz)
    : (await contentOf(world.table, quiz)).questions;

/** An item of the table holds 400 KB. */
const mostBytes = 350 * 1024;

/** Freezes what a quiz asks, for the attempts to come. */
export async function frozen(
  world: AssessmentWorld,
  { quiz_id, questions: asked, content_number: before }: QuizRecord,
): Promise<{ readonly content: QuizContent; readonly asked: QuizRecord['questions'] }> {
  const questions = await questionsNow(world, { questions: asked });
  const bytes = Buffer.byteLength(JSON.stringify(questions));
  if (bytes > mostBytes)
    throw invalid(
      ['body', 'questions'],
      `all questions together may have 350 KB; these have ${Math.ceil(bytes / 1024)} KB: make two quizzes of them`,
      'too_big',
    );
  const content = {
    quiz_id,
    content_number: before + 1,
    questions,
    created_at: world.now().toISOString(),
  };
  return {
    content,
    asked: asked.map((one, at) => ({ ...one, revision: questions[at]?.revision ?? one.revision })),
  };
}
