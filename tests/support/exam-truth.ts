/** What a class's adaptive tests add up to, computed anew from every session and answer, beside what the platform says. */
import { setTimeout as sleep } from 'node:timers/promises';
import { itemStatisticsOperations } from '#shared/contracts/exam-statistics.ts';
import { schoolContract } from '#shared/contracts/school.ts';
import { createClient } from '#shared/http/client.ts';
import type { ExamSchool } from './exam-school.ts';

/** Numbers are summed in millionths; each addend is rounded by half of one. */
const close = (one: number | null, other: number): boolean => one !== null && Math.abs(one - other) < 2e-6;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** One line for each number that is not what the sessions say; settles when the stream has been worked off. */
export async function wrongStatistics(exams: ExamSchool): Promise<string[]> {
  const { teacher, class_ids, bank_id, origin } = exams;
  const options = { origin, token: () => teacher.token };
  const school = createClient(schoolContract, options);
  const statistics = createClient(itemStatisticsOperations, options);
  const wrong: string[] = [];
  const byItem = new Map<string, { n: number; score: number }>();
  for (const class_id of class_ids) {
    const thetas: number[] = [];
    for await (const session of completed(exams, class_id)) {
      thetas.push(session.theta ?? Number.NaN);
      for (const { item_id, score, pilot, voided } of session.attempts) {
        if (pilot || voided) continue;
        const { n, score: sum } = byItem.get(item_id) ?? { n: 0, score: 0 };
        byItem.set(item_id, { n: n + 1, score: sum + (score ?? 0) });
      }
    }
    const stats = await settled(school, class_id, thetas.length);
    if (stats.completed_exams !== thetas.length)
      wrong.push(`class ${class_id}: ${stats.completed_exams} completed, not ${thetas.length}`);
    if (thetas.length > 0 && !close(stats.average_theta, mean(thetas)))
      wrong.push(`class ${class_id}: mean θ ${stats.average_theta}, not ${mean(thetas)}`);
  }
  const shown = await everyPage((paging) =>
    statistics.listItemStats({ query: { bank_id, limit: 100, ...paging } }),
  );
  const listed = new Map(shown.map((one) => [one.item_id, one]));
  for (const [item_id, { n, score }] of byItem) {
    const one = listed.get(item_id);
    if (n < 10 && one === undefined) continue;
    if (one?.attempts !== n) wrong.push(`item ${item_id}: ${one?.attempts} answers, not ${n}`);
    else if (!close(one.correct_count, score))
      wrong.push(`item ${item_id}: ${one.correct_count} right, not ${score}`);
  }
  return wrong;
}

async function* completed({ teacher }: ExamSchool, class_id: string) {
  const sessions = await everyPage((paging) =>
    teacher.exams.listExamSessions({ query: { class_id, status: 'completed', limit: 100, ...paging } }),
  );
  for (const { exam_session_id } of sessions)
    yield await teacher.exams.getExamSession({ params: { exam_session_id } });
}

type School = ReturnType<typeof createClient<typeof schoolContract>>;

async function settled(school: School, class_id: string, sessions: number) {
  for (let waited = 0; ; waited++) {
    const stats = await school.classExamStats({ params: { class_id } });
    if (stats.completed_exams >= sessions || waited === 100) return stats;
    await sleep(200);
  }
}

export async function everyPage<T>(
  read: (paging: { cursor?: string }) => Promise<{ items: T[]; next_cursor: string | null }>,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  do {
    const page = await read(cursor === null ? {} : { cursor });
    all.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return all;
}
