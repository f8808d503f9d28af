import { invalid } from '../errors.ts';
import { itemRevisions, items } from '../table/item.ts';
import { type ContentQuestion, contentQuestion, type QuizContent, type QuizRecord } from '../table/quiz.ts';
import type { Table } from '../table/table.ts';
import { contentOf } from './content.ts';

interface World {
  readonly table: Table;
  readonly now: () => Date;
}

/** The questions as their items are now; of a draft that was deleted, as it was. */
async function questionsNow(
  { table }: Pick<World, 'table'>,
  { questions }: Pick<QuizRecord, 'questions'>,
): Promise<ContentQuestion[]> {
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

/** The questions of a quiz, with their keys: frozen ones, or of a draft those that would be asked. */
export const shownQuestions = async (
  world: Pick<World, 'table'>,
  quiz: QuizRecord,
): Promise<ContentQuestion[]> =>
  quiz.status === 'draft' || quiz.content_number === 0
    ? questionsNow(world, quiz)
    : (await contentOf(world.table, quiz)).questions;

/** An item of the table holds 400 KB. */
const mostBytes = 350 * 1024;

/** @throws 422 for questions that are too long to be kept together */
export function refuseTooLong(questions: readonly object[]): void {
  const bytes = Buffer.byteLength(JSON.stringify(questions));
  if (bytes > mostBytes)
    throw invalid(
      ['body', 'questions'],
      `all questions together may have 350 KB; these have ${Math.ceil(bytes / 1024)} KB: make two quizzes of them`,
      'too_big',
    );
}

export interface Opened {
  readonly quiz: QuizRecord;
  readonly content: QuizContent;
}

/** The quiz with its questions frozen as they are now, for the attempts to come; open, should it be a draft. */
export async function opened(world: World, quiz: QuizRecord): Promise<Opened> {
  const questions = await questionsNow(world, quiz);
  refuseTooLong(questions);
  const { quiz_id, content_number: before } = quiz;
  const content_number = before + 1;
  return {
    quiz: {
      ...quiz,
      status: quiz.status === 'draft' ? 'open' : quiz.status,
      questions: quiz.questions.map((one, at) => ({
        ...one,
        revision: questions[at]?.revision ?? one.revision,
      })),
      content_number,
    },
    content: { quiz_id, content_number, questions, created_at: world.now().toISOString() },
  };
}
