import type { Caller, Reply, Request } from '#shared/contracts/operation.ts';
import type { schoolContract } from '#shared/contracts/school.ts';
import { invalid } from '#shared/errors.ts';
import { classes } from '#shared/table/class.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { isAdmin, namedOrganization, reachedClass, unknown } from '../access.ts';
import { ownTeacher, teacherOf } from '../classes.ts';
import type { Keyed, World } from '../world.ts';
import { enrolRows, type Outcome } from './enrol-rows.ts';
import { readKnown } from './known.ts';
import { createClasses, staffedClasses } from './new-classes.ts';
import { type Choice, newClassesOf, type PlacedRow, placeRows } from './places.ts';
import { keysOf, type Planned, planRows } from './plan.ts';
import { type Roster, readRoster } from './rows.ts';

type Contract = typeof schoolContract;
type Body = Request<Contract['importRoster']>['body'];
type Report = Reply<Contract['importRoster']>;

/**
 * Imports a roster: plans all rows, then carries the plan out in transactions of some rows, each on what the
 * table says at that moment. Cut off in the middle, the next request with the same file goes on; with the same
 * key it also tells its own accounts from those that were there before, and gives them their codes.
 */
export async function importRoster(
  world: World,
  caller: Caller,
  { body, idempotency_key: key }: Keyed<Body>,
): Promise<Report> {
  const target = await targetOf(world, caller, body);
  const roster = readRoster(body.csv);
  if (body.dry_run) return preview(world, target, roster);
  const run = (batch_id: string) => carryOut(world, caller, { target, roster, batch_id, body });
  return idempotently(
    world.table,
    { caller, operation: 'importRoster', key, body, now: world.now() },
    async (once) => {
      const batch_id = world.newId();
      await world.table.write(...once(batch_id));
      return run(batch_id);
    },
    run,
  );
}

interface Target {
  readonly org_id: string;
  /** Of classes that are created; only where that is asked for. */
  readonly teacher_id: string | undefined;
  readonly choice: Choice;
}

/** Where rows may go: the class that the request names, or those that the caller reaches. */
async function targetOf(world: World, caller: Caller, body: Body): Promise<Target> {
  if (body.class_id !== undefined) {
    if (body.create_classes)
      throw invalid(['body', 'create_classes'], 'with class_id every row goes into that class');
    const only = await reachedClass(world, caller, body.class_id, unknown.class);
    if (body.org_id !== undefined && body.org_id !== only.org_id) throw unknown.class();
    return { org_id: only.org_id, teacher_id: undefined, choice: { classes: [], only, create: false } };
  }
  const org_id = await namedOrganization(world, caller, body.org_id);
  const create = body.create_classes;
  const teacher_id = create ? ownTeacher(caller, body.teacher_id) : undefined;
  if (teacher_id !== undefined) await teacherOf(world, teacher_id, org_id);
  const reached = isAdmin(caller)
    ? await world.table.queryAll(classes, { index: 'gsi1', pk: `org#${org_id}#classes` })
    : await staffedClasses(world.table, caller.user_id, org_id);
  return { org_id, teacher_id, choice: { classes: reached, only: undefined, create } };
}

async function planOf(
  world: World,
  { org_id, choice }: Target,
  { rows }: Roster,
  batch_id: string | null,
): Promise<Planned[]> {
  const placed = placeRows(rows, choice);
  return planRows(placed, await readKnown(world.table, placed, { org_id, batch_id }));
}

async function preview(world: World, target: Target, roster: Roster): Promise<Report> {
  const planned = await planOf(world, target, roster, null);
  return reportOf(planned.map(foreseen), {
    dry_run: true,
    new_classes: newClassesOf(acting(planned)),
    ignored_columns: roster.ignored_columns,
  });
}

/** What a row of a plan comes to, as far as one can tell without doing it. */
function foreseen({ row, step }: Planned): Outcome {
  const status = {
    refused: 'refused',
    create: 'created',
    enrol: 'enrolled',
    already: 'already_enrolled',
  } as const;
  return {
    row,
    status: status[step.kind],
    problem: step.kind === 'refused' ? step.problem : null,
    class_id: step.kind === 'refused' ? null : step.place.class_id,
    student_id: 'account' in step ? (step.account?.user_id ?? null) : null,
    code: null,
  };
}

/** The rows that change something, and those whose codes an interrupted import still owes. */
const acting = (planned: readonly Planned[]): PlacedRow[] =>
  planned.flatMap(({ row, step }) =>
    step.kind === 'create' || step.kind === 'enrol' || (step.kind === 'already' && step.own) ? [row] : [],
  );

interface Import {
  readonly target: Target;
  readonly roster: Roster;
  readonly batch_id: string;
  readonly body: Body;
}

async function carryOut(world: World, caller: Caller, order: Import): Promise<Report> {
  const { target, roster, batch_id, body } = order;
  const first = await planOf(world, target, roster, batch_id);
  const { widened, made } = await withClasses(world, target, newClassesOf(acting(first)));
  const planned = widened === target ? first : await planOf(world, widened, roster, batch_id);
  const batch = { batch_id, org_id: target.org_id, created_by: caller.user_id, locale: body.locale ?? 'en' };
  const done = await enrolRows(world, batch, acting(planned));
  return reportOf(withStudents(planned.map((one) => done.get(one.row) ?? foreseen(one))), {
    dry_run: false,
    new_classes: made,
    ignored_columns: roster.ignored_columns,
  });
}

/** The target once the classes exist that rows name. */
async function withClasses(
  world: World,
  target: Target,
  names: readonly string[],
): Promise<{ readonly widened: Target; readonly made: readonly string[] }> {
  const { teacher_id, org_id, choice } = target;
  if (teacher_id === undefined || names.length === 0) return { widened: target, made: [] };
  const { present, made } = await createClasses(world, { teacher_id, org_id }, names);
  const byId = new Map([...choice.classes, ...present].map((place) => [place.class_id, place]));
  return { widened: { ...target, choice: { ...choice, classes: [...byId.values()] } }, made };
}

/** A student whom an earlier row created has an id by now. */
function withStudents(outcomes: readonly Outcome[]): Outcome[] {
  const ids = new Map(
    outcomes.flatMap(({ row, student_id }) =>
      student_id === null ? [] : keysOf(row).map((key) => [key, student_id] as const),
    ),
  );
  return outcomes.map((one) => {
    const known = one.status === 'refused' ? undefined : ids.get(keysOf(one.row)[0] ?? '');
    return one.student_id === null && known !== undefined ? { ...one, student_id: known } : one;
  });
}

const reportOf = (
  outcomes: readonly Outcome[],
  facts: Pick<Report, 'dry_run'> & {
    readonly new_classes: readonly string[];
    readonly ignored_columns: readonly string[];
  },
): Report => {
  const count = (status: Outcome['status']) => outcomes.filter((one) => one.status === status).length;
  const ends = outcomes.flatMap(({ code }) => code?.expires_at ?? []);
  return {
    dry_run: facts.dry_run,
    created: count('created'),
    enrolled: count('enrolled'),
    already_enrolled: count('already_enrolled'),
    refused: count('refused'),
    new_classes: [...facts.new_classes],
    ignored_columns: [...facts.ignored_columns],
    codes_expire_at: ends.toSorted()[0] ?? null,
    rows: outcomes.map(({ row, status, problem, class_id, student_id, code }) => ({
      line: row.line,
      name: row.name,
      username: row.username,
      email: row.email,
      grade: row.grade,
      class_name: row.place?.name ?? row.class_name,
      class_id,
      student_id,
      status,
      problem,
      reset_code: code?.code ?? null,
    })),
  };
};
