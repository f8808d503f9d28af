import type { RosterProblem } from '#shared/contracts/rosters.ts';
import { DomainError } from '#shared/errors.ts';
import { resetCodeWrite } from '#shared/identity/reset-code.ts';
import { classes } from '#shared/table/class.ts';
import { newUsersWrites } from '#shared/table/new-user.ts';
import { retried } from '#shared/table/retry.ts';
import { ConditionFailed, transactionSize, type Write } from '#shared/table/table.ts';
import type { UserRecord } from '#shared/table/user.ts';
import { enrollmentWrites } from '../enrollments.ts';
import type { World } from '../world.ts';
import { readKnown } from './known.ts';
import type { PlacedRow } from './places.ts';
import { keysOf, type Planned, planRows, type Step } from './plan.ts';

/** Who imports, into which organisation, and by what an interrupted import knows its own work. */
export interface Batch {
  readonly batch_id: string;
  readonly org_id: string;
  readonly created_by: string;
  readonly locale: 'en' | 'ko';
}

export interface Outcome {
  readonly row: PlacedRow;
  readonly status: 'created' | 'enrolled' | 'already_enrolled' | 'refused';
  readonly problem: RosterProblem | null;
  readonly class_id: string | null;
  readonly student_id: string | null;
  readonly code: IssuedCode | null;
}
type IssuedCode = ReturnType<typeof resetCodeWrite>;

/** A new student: account, profile, code, enrolment and its mirror, and a claim for each key. */
const mostWritesOf = (row: PlacedRow): number => 5 + keysOf(row).length;

/**
 * Groups in the order of the file that fit into a transaction each, with a write for the organisation and one for
 * each class; in none is a person twice, because a transaction names an item once.
 */
export function groupsOf(rows: readonly PlacedRow[]): PlacedRow[][] {
  const groups: PlacedRow[][] = [];
  let people = new Set<string>();
  let places = new Set<string | null>();
  let writes = transactionSize;
  for (const row of rows) {
    const keys = keysOf(row);
    const class_id = row.place?.class_id ?? null;
    const more = mostWritesOf(row) + (places.has(class_id) ? 0 : 1);
    const current = groups.at(-1);
    if (current && writes + more <= transactionSize && !keys.some((key) => people.has(key))) {
      current.push(row);
      writes += more;
    } else {
      groups.push([row]);
      [people, places] = [new Set(), new Set()];
      writes = 2 + mostWritesOf(row);
    }
    for (const key of keys) people.add(key);
    places.add(class_id);
  }
  return groups;
}

/** Carries out the rows of a plan, a transaction a group. What is done already is found done. */
export async function enrolRows(
  world: World,
  batch: Batch,
  rows: readonly PlacedRow[],
): Promise<Map<PlacedRow, Outcome>> {
  const outcomes = new Map<PlacedRow, Outcome>();
  for (const group of groupsOf(rows))
    for (const outcome of await enrolGroup(world, batch, group)) outcomes.set(outcome.row, outcome);
  return outcomes;
}

/** Whether another writer was first: with the account, the enrolment, or by deleting the class. */
const overtakenBy = ['already_enrolled', 'user.email_taken', 'user.username_taken', 'class.unknown'];
const overtaken = (error: unknown): boolean =>
  error instanceof ConditionFailed ||
  (error instanceof DomainError && overtakenBy.includes(error.error_code));

/** One transaction; when somebody else was first with one of its rows, halves of it, down to single rows. */
async function enrolGroup(world: World, batch: Batch, rows: readonly PlacedRow[]): Promise<Outcome[]> {
  const attempt = () =>
    enrolRead(world, batch, rows).catch((error: unknown) => {
      throw overtaken(error) ? new ConditionFailed(undefined) : error;
    });
  if (rows.length <= 1) return retried(attempt);
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    const middle = Math.ceil(rows.length / 2);
    return [
      ...(await enrolGroup(world, batch, rows.slice(0, middle))),
      ...(await enrolGroup(world, batch, rows.slice(middle))),
    ];
  }
}

async function enrolRead(world: World, batch: Batch, given: readonly PlacedRow[]): Promise<Outcome[]> {
  const rows = await stillPlaced(world, given);
  const planned = planRows(rows, await readKnown(world.table, rows, batch));
  const instant = world.now();
  // one instant for all that the transaction makes
  const frozen = { ...world, now: () => instant };
  const acts = planned.map((one) => actOf(frozen, batch, one));
  await world.table.write(...writesOf(frozen, batch, acts));
  return acts.map(({ row, step, user, code, status }, index) => ({
    row: given[index] ?? row,
    status,
    problem: step.kind === 'refused' ? step.problem : null,
    class_id: step.kind === 'refused' ? null : step.place.class_id,
    student_id: user?.user_id ?? null,
    code: code ?? null,
  }));
}

/** A class may have been deleted since the rows were given theirs. */
async function stillPlaced(world: World, rows: readonly PlacedRow[]): Promise<PlacedRow[]> {
  const ids = [...new Set(rows.flatMap(({ place }) => place?.class_id ?? []))];
  const found = await world.table.getMany(
    classes,
    ids.map((class_id) => ({ class_id })),
  );
  const present = new Set(found.flatMap((one) => one?.class_id ?? []));
  return rows.map((row) => (present.has(row.place?.class_id ?? '') ? row : { ...row, place: null }));
}

interface Act extends Planned {
  readonly status: Outcome['status'];
  readonly user: UserRecord | undefined;
  readonly code: IssuedCode | undefined;
}

function actOf(world: World, batch: Batch, { row, step }: Planned): Act {
  const codeFor = (user: UserRecord) =>
    resetCodeWrite(world.table, { user_id: user.user_id, now: world.now() });
  switch (step.kind) {
    case 'refused':
      return { row, step, status: 'refused', user: undefined, code: undefined };
    case 'create': {
      const user = newStudent(world, batch, row);
      return { row, step, status: 'created', user, code: codeFor(user) };
    }
    case 'enrol':
      return { row, step, status: 'enrolled', user: step.account ?? undefined, code: undefined };
    case 'already': {
      const user = step.account ?? undefined;
      if (!user || !step.own) return { row, step, status: 'already_enrolled', user, code: undefined };
      // account and enrolment of one transaction bear its instant
      const isNew = user.created_at === step.own.enrolled_at;
      const code = isNew && user.password_hash === null ? codeFor(user) : undefined;
      return { row, step, status: isNew ? 'created' : 'enrolled', user, code };
    }
  }
}

function writesOf(world: World, { org_id, batch_id }: Batch, acts: readonly Act[]): Write[] {
  const created = acts.flatMap(({ step, user, row }) =>
    step.kind === 'create' && user ? [{ user, grade: row.grade }] : [],
  );
  const newcomers = new Set(created.map(({ user }) => user.user_id));
  const byClass = Map.groupBy(
    acts.filter(({ step }) => step.kind === 'create' || step.kind === 'enrol'),
    ({ step }) => classOf(step),
  );
  return [
    ...(created.length > 0 ? newUsersWrites(world.table, org_id, created) : []),
    ...[...byClass].flatMap(([class_id, seated]) =>
      enrollmentWrites(
        world,
        class_id,
        seated.flatMap(({ user }) => user ?? []),
        { source: 'bulk', batch_id, newcomers },
      ),
    ),
    ...acts.flatMap(({ code }) => code?.write ?? []),
  ];
}

const classOf = (step: Step): string => (step.kind === 'refused' ? '' : (step.place.class_id ?? ''));

const newStudent = (world: World, batch: Batch, row: PlacedRow): UserRecord => ({
  user_id: world.newId(),
  email: row.email,
  username: row.username,
  name: row.name,
  role: 'student',
  org_id: batch.org_id,
  locale: batch.locale,
  password_hash: null,
  must_change_password: false,
  disabled: false,
  external_ids: {},
  created_by: batch.created_by,
  created_at: world.now().toISOString(),
  updated_at: world.now().toISOString(),
  version: 1,
});
