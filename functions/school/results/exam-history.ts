import type { ExamHistoryEntry, examStatisticsOperations } from '#shared/contracts/exam-statistics.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { Page } from '#shared/contracts/shapes.ts';
import { toldResult } from '#shared/exams/shown.ts';
import { pageOfPartition } from '#shared/http/partition.ts';
import { classes } from '#shared/table/class.ts';
import { type ExamSessionRecord, examSessions } from '#shared/table/exam-session.ts';
import { reachedStudent } from '../access.ts';
import type { World } from '../world.ts';
import { seenClasses } from './seen.ts';

type Query = Request<(typeof examStatisticsOperations)['examHistory']>['query'];

/** What a student took, the newest first. */
export async function examHistory(
  world: World,
  caller: Caller,
  student_id: string,
  query: Query,
): Promise<Page<ExamHistoryEntry>> {
  await reachedStudent(world, caller, student_id);
  const sees = await seenClasses(world, caller);
  const { exam_type, status } = query;
  const page = await pageOfPartition(
    world.table,
    { caller, query, filters: { operation: 'examHistory', student_id, exam_type, status } },
    {
      entity: examSessions,
      index: 'gsi1',
      pk: `user#${student_id}#exams`,
      backwards: true,
      keep: (one) =>
        sees(one.class_id) &&
        (exam_type === undefined || one.exam_type === exam_type) &&
        (status === undefined || one.status === status),
    },
  );
  return { ...page, items: await viewHistory(world, caller, page.items) };
}

/** Sessions as lines of a history, with the names of their classes. */
export async function viewHistory(
  { table }: World,
  caller: Caller,
  sessions: readonly ExamSessionRecord[],
): Promise<ExamHistoryEntry[]> {
  const ofClass = await table.getMany(classes, sessions);
  return sessions.map((session, at) => ({
    exam_session_id: session.exam_session_id,
    class_id: session.class_id,
    class_name: ofClass[at]?.name ?? '',
    exam_type: session.exam_type,
    plan_id: session.plan_id,
    plan_name: session.plan_name,
    status: session.status,
    source: session.source,
    started_at: session.started_at,
    ended_at: session.ended_at,
    duration_sec: session.duration_sec,
    attempts: session.answered,
    ...toldResult(caller, session),
  }));
}
