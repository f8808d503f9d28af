import type { ExamImportReport, examSessionOperations, ImportRow } from '#shared/contracts/exam-sessions.ts';
import { examFeedback } from '#shared/contracts/exam-shapes.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import { scoreOf, thetaOfScore } from '#shared/domain/exams/result.ts';
import { unauthorized } from '#shared/errors.ts';
import { derivedId } from '#shared/ids.ts';
import { isEnrolled, runsClass } from '#shared/reach.ts';
import { type ClassRecord, classes } from '#shared/table/class.ts';
import { type ExamSessionRecord, examAmendments, examSessions } from '#shared/table/exam-session.ts';
import { type StudentRecord, students } from '#shared/table/profile.ts';
import { ConditionFailed } from '#shared/table/table.ts';
import { claims, type UserRecord, users } from '#shared/table/user.ts';
import type { TestingWorld } from '../world.ts';

type Body = Request<(typeof examSessionOperations)['importExamSessions']>['body'];
type Row = ExamImportReport['rows'][number];
type Problem = NonNullable<Row['problem']>;

class Refused extends Error {
  readonly problem: Problem;
  constructor(field: string, rule: string, detail: string) {
    super(detail);
    this.name = 'Refused';
    this.problem = { field, rule, detail };
  }
}

/** Rows under way at once: five hundred one after the other take longer than a request may. */
const atOnce = 16;

/**
 * Brings in results of tests that were taken elsewhere, each row for itself. What a row is follows from what it says, so
 * that the same file again finds all of it there.
 */
export async function importExams(
  world: TestingWorld,
  caller: Caller,
  body: Body,
): Promise<ExamImportReport> {
  const by = await world.table.get(users, caller);
  if (!by) throw unauthorized('auth.ended', 'This account no longer exists.');
  const known = lookups(world, caller);
  const read = await each(body.sessions, (given) => recordOf(world, by, known, given));
  const rows = await each(onlyOnce(read), (record) => write(world, { by, body }, record));
  const told = rows.map((one, row) => ({ row, ...(one instanceof Refused ? refused(one) : one) }));
  const count = (status: Row['status']) => told.filter((one) => one.status === status).length;
  return {
    dry_run: body.dry_run,
    created: count('created'),
    unchanged: count('unchanged'),
    refused: count('refused'),
    rows: told,
  };
}

const refused = ({ problem }: Refused): Omit<Row, 'row'> => ({
  status: 'refused',
  exam_session_id: null,
  problem,
});

/** What comes of each row, some at once, in their order; one that is refused stays so. */
async function each<From, To>(
  rows: readonly (From | Refused)[],
  work: (row: From) => Promise<To>,
): Promise<(To | Refused)[]> {
  const done: (To | Refused)[] = [];
  const waiting = rows.entries();
  const workNext = async (): Promise<void> => {
    for (const [at, row] of waiting)
      done[at] = row instanceof Refused ? row : await work(row).catch(asRefused);
  };
  await Promise.all(Array.from({ length: atOnce }, workNext));
  return done;
}

function asRefused(error: unknown): Refused {
  if (error instanceof Refused) return error;
  throw error;
}

/** The first of several rows that say the same is the one that counts. */
function onlyOnce(rows: readonly (ExamSessionRecord | Refused)[]): (ExamSessionRecord | Refused)[] {
  const seen = new Set<string>();
  return rows.map((row) => {
    if (row instanceof Refused) return row;
    if (seen.has(row.exam_session_id)) return new Refused('row', 'repeated', 'A row before says the same.');
    seen.add(row.exam_session_id);
    return row;
  });
}

function checkTimes({ started_at, ended_at, score, theta }: ImportRow, now: Date): void {
  if (Date.parse(ended_at) < Date.parse(started_at))
    throw new Refused('ended_at', 'before_start', 'It ends before it starts.');
  if (Date.parse(ended_at) > now.getTime()) throw new Refused('ended_at', 'future', 'It ends in the future.');
  if (score === undefined && theta === undefined)
    throw new Refused('score', 'missing', 'A row needs a score or a theta.');
}

const exact = (instant: string): string => new Date(instant).toISOString();

async function recordOf(
  world: TestingWorld,
  by: UserRecord,
  known: Lookups,
  given: ImportRow,
): Promise<ExamSessionRecord> {
  checkTimes(given, world.now());
  const ofClass = await known.taughtClass(given.class_id);
  const { class_id, org_id } = ofClass;
  const { user_id: student_id, name } = await known.student(given, ofClass);
  const { exam_type, external_id = null, standard_error = null } = given;
  const started_at = exact(given.started_at);
  const ended_at = exact(given.ended_at);
  const theta = given.theta ?? thetaOfScore(given.score ?? 500);
  const identity =
    external_id === null ? [student_id, class_id, exam_type, started_at] : [class_id, external_id];
  return {
    exam_session_id: derivedId('exam import', ...identity),
    org_id,
    class_id,
    student_id,
    student_name: name,
    exam_type,
    plan_id: null,
    plan_name: null,
    plan_release: null,
    bank_id: null,
    bank_version: null,
    feedback: examFeedback.parse({}),
    status: 'completed',
    source: 'import',
    started_at,
    ended_at,
    duration_sec: Math.round((Date.parse(ended_at) - Date.parse(started_at)) / 1000),
    deadline_at: null,
    time_factor: 1,
    answered: 0,
    max_items: null,
    stop_reason: null,
    score: given.score ?? scoreOf(theta),
    theta,
    standard_error,
    result_n: 1,
    started_by: by.user_id,
    external_id,
    meta: {},
    version: 1,
  };
}

async function write(
  world: TestingWorld,
  { by, body }: { readonly by: UserRecord; readonly body: Body },
  record: ExamSessionRecord,
): Promise<Omit<Row, 'row'>> {
  const { table } = world;
  const { exam_session_id } = record;
  const before = await table.get(examSessions, { exam_session_id }, { consistent: true });
  if (before) return unchanged(before, record);
  const created = { status: 'created', exam_session_id, problem: null } as const;
  if (body.dry_run) return { ...created, exam_session_id: null };
  const amendment = {
    action: 'import',
    n: null,
    before: null,
    after: null,
    theta_before: null,
    theta_after: record.theta,
    reason: body.reason,
    by: by.user_id,
    by_name: by.name,
    at: world.now().toISOString(),
  } as const;
  try {
    await table.write(
      table.insert(examSessions, record),
      table.insert(examAmendments, { exam_session_id, result_n: 1, ...amendment }),
    );
    return created;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    const winner = await table.get(examSessions, { exam_session_id }, { consistent: true });
    if (!winner) throw error;
    return unchanged(winner, record);
  }
}

const told = [
  'student_id',
  'class_id',
  'exam_type',
  'started_at',
  'ended_at',
  'score',
  'theta',
  'standard_error',
] as const;

function unchanged(before: ExamSessionRecord, record: ExamSessionRecord): Omit<Row, 'row'> {
  const differs = told.find((name) => before[name] !== record[name]);
  if (differs !== undefined)
    throw new Refused(differs, 'differs', 'This result was imported before, and otherwise; that one stays.');
  return { status: 'unchanged', exam_session_id: record.exam_session_id, problem: null };
}

interface Lookups {
  readonly taughtClass: (class_id: string) => Promise<ClassRecord>;
  readonly student: (row: ImportRow, ofClass: ClassRecord) => Promise<StudentRecord>;
}

/** What rows name, asked for once each. */
function lookups({ table }: TestingWorld, caller: Caller): Lookups {
  const remember = <T>(find: (key: string) => Promise<T>) => {
    const found = new Map<string, Promise<T>>();
    return (key: string): Promise<T> => {
      const before = found.get(key) ?? find(key);
      found.set(key, before);
      return before;
    };
  };
  const classOf = remember(async (class_id) => {
    const found = await table.get(classes, { class_id }, { consistent: true });
    return found && (await runsClass(table, caller, found)) ? found : undefined;
  });
  const studentOf = remember((user_id) => table.get(students, { user_id }, { consistent: true }));
  const byUsername = remember(
    async (value) => (await table.get(claims, { kind: 'username', value }, { consistent: true }))?.user_id,
  );
  const enrolled = remember((both) => {
    const [class_id = '', student_id = ''] = both.split(' ');
    return isEnrolled(table, class_id, student_id);
  });
  return {
    taughtClass: async (class_id) => {
      const found = await classOf(class_id);
      if (!found) throw new Refused('class_id', 'unknown_class', 'Class not found among those one teaches.');
      return found;
    },
    student: async ({ student_id, username }, { class_id }) => {
      const user_id = student_id ?? (username === undefined ? undefined : await byUsername(username));
      const field = student_id === undefined ? 'username' : 'student_id';
      const found = user_id === undefined ? undefined : await studentOf(user_id);
      if (!found || !(await enrolled(`${class_id} ${found.user_id}`)))
        throw new Refused(field, 'unknown_student', 'Student not found in this class.');
      return found;
    },
  };
}
