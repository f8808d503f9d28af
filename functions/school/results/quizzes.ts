import { countedPercent } from '#shared/domain/quizzes/counted.ts';
import { type Cell, type Column, untouched } from '#shared/domain/results/gradebook.ts';
import { type QuizRecord, type QuizStanding, quizStandings, quizzes } from '#shared/table/quiz.ts';
import type { World } from '../world.ts';

/** Those that are more than a draft. */
export async function quizzesOf({ table }: World, class_id: string): Promise<QuizRecord[]> {
  const found = await table.queryAll(quizzes, { index: 'gsi1', pk: `class#${class_id}#quizzes` });
  return found.filter(({ status }) => status !== 'draft');
}

/** Where a student stands: what counts so far, also while another attempt is under way. */
export function quizCell(quiz: QuizRecord, standing: QuizStanding | undefined, at: string): Cell {
  const last = standing?.tries.at(-1);
  if (standing === undefined || last === undefined) return untouched(quiz.due_at, at);
  return {
    value: countedPercent(standing.tries, quiz.counts),
    status: last.status === 'in_progress' ? 'in_progress' : 'done',
    late: last.late,
  };
}

export async function quizColumns(
  world: World,
  records: readonly QuizRecord[],
  student_ids: readonly string[],
) {
  const at = world.now().toISOString();
  return Promise.all(
    records.map(async (quiz) => {
      const { quiz_id, title, opens_at, due_at } = quiz;
      const standings = await world.table.queryAll(quizStandings, {
        pk: `quiz#${quiz_id}`,
        prefix: 'standing#',
      });
      const byStudent = new Map(standings.map((one) => [one.student_id, one] as const));
      const column: Column = { kind: 'quiz', id: quiz_id, title, opens_at, due_at, scale: 'percent' };
      const cells = new Map(student_ids.map((id) => [id, quizCell(quiz, byStudent.get(id), at)] as const));
      return { column, cells };
    }),
  );
}
