import type * as z from 'zod';
import type { Gradebook, gradebookFile, gradebookOperations } from '#shared/contracts/gradebook.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import { gradebookCsv, tabulate } from '#shared/domain/results/gradebook.ts';
import { localTime } from '#shared/domain/school-time.ts';
import { DomainError } from '#shared/errors.ts';
import type { ClassRecord } from '#shared/table/class.ts';
import { enrollments } from '#shared/table/enrollment.ts';
import { students } from '#shared/table/profile.ts';
import { reachedClass } from '../access.ts';
import type { World } from '../world.ts';
import { assignmentColumns, assignmentsOf } from './assignments.ts';
import { examColumns, examsOf } from './exams.ts';
import { quizColumns, quizzesOf } from './quizzes.ts';

type Query = Request<(typeof gradebookOperations)['gradebook']>['query'];
type FileQuery = Request<(typeof gradebookOperations)['gradebookFile']>['query'];
type GradebookFile = z.output<typeof gradebookFile>;

/** What a reply of Lambda's 6 MB holds. */
const mostCells = 60_000;

export async function readGradebook(
  world: World,
  caller: Caller,
  class_id: string,
  query: Query,
): Promise<Gradebook> {
  const ofClass = await reachedClass(world, caller, class_id);
  return {
    class_id,
    class_name: ofClass.name,
    time_zone: world.time_zone,
    made_at: world.now().toISOString(),
    ...(await tableOf(world, ofClass, query)),
  };
}

export async function exportGradebook(
  world: World,
  caller: Caller,
  class_id: string,
  query: FileQuery,
): Promise<GradebookFile> {
  const ofClass = await reachedClass(world, caller, class_id);
  const table = await tableOf(world, ofClass, query);
  const details = query.with_ids === 'true' ? await detailsOf(world, table.rows) : undefined;
  const today = localTime(world.now().toISOString(), world.time_zone).slice(0, 10);
  return {
    file_name: `${fileName(ofClass.name)}-${today}.csv`,
    media_type: 'text/csv; charset=utf-8',
    content: gradebookCsv(table, world.time_zone, query.locale, details),
  };
}

/** A name that every file system takes. */
const fileName = (name: string): string => name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60) || 'class';

/** What is due between two moments; what has no due date always. */
const fits =
  ({ from, to }: Query) =>
  ({ due_at }: { readonly due_at: string | null }): boolean => {
    if (due_at === null) return true;
    const due = Date.parse(due_at);
    return (from === undefined || due >= Date.parse(from)) && (to === undefined || due <= Date.parse(to));
  };

async function tableOf(world: World, { class_id }: ClassRecord, query: Query) {
  const wants = (kind: NonNullable<Query['kind']>) => query.kind === undefined || query.kind === kind;
  const due = fits(query);
  const [roster, assignments, quizzes, exams] = await Promise.all([
    world.table.queryAll(enrollments, { index: 'gsi1', pk: `class#${class_id}#roster` }),
    wants('assignment') ? assignmentsOf(world, class_id) : [],
    wants('quiz') ? quizzesOf(world, class_id) : [],
    wants('exam') ? examsOf(world, class_id) : [],
  ]);
  const people = roster.map(({ student_id, student_name }) => ({ student_id, name: student_name }));
  const ids = people.map(({ student_id }) => student_id);
  const given = {
    assignments: assignments.filter(due),
    quizzes: quizzes.filter(due),
    exams: exams.filter(({ column }) => due(column)),
  };
  const columns = given.assignments.length + given.quizzes.length + given.exams.length;
  if (columns * people.length > mostCells) throw tooLarge(columns, people.length);
  const [ofAssignments, ofQuizzes] = await Promise.all([
    assignmentColumns(world, given.assignments, ids),
    quizColumns(world, given.quizzes, ids),
  ]);
  return tabulate([...ofAssignments, ...ofQuizzes, ...examColumns(world, given.exams, ids)], people);
}

const tooLarge = (columns: number, rows: number): DomainError =>
  new DomainError(
    'too_large',
    'gradebook.too_large',
    `${columns} columns of ${rows} students are more than one reply holds. Ask for one \`kind\`, or for what is due \`from\` one day \`to\` another.`,
  );

async function detailsOf({ table }: World, rows: readonly { readonly student_id: string }[]) {
  const found = await table.getMany(
    students,
    rows.map(({ student_id }) => ({ user_id: student_id })),
  );
  const byId = new Map(found.flatMap((one) => (one ? [[one.user_id, one] as const] : [])));
  return (student_id: string) => ({
    username: byId.get(student_id)?.username ?? null,
    email: byId.get(student_id)?.email ?? null,
  });
}
