import type { Caller } from '#shared/contracts/operation.ts';
import type { BoardLine } from '#shared/contracts/training-policies.ts';
import { notFound } from '#shared/errors.ts';
import { type Listing, pageOf } from '#shared/http/paging.ts';
import { administers, isStaffOf, linkedStudents, reachesClass } from '#shared/reach.ts';
import { classes } from '#shared/table/class.ts';
import { enrollments } from '#shared/table/enrollment.ts';
import { type Board, type BoardEntryRecord, boardEntries, rankedKey } from '#shared/table/leaderboard.ts';
import { boardEnvironment } from './environment.ts';
import type { PoliciesWorld } from './world.ts';

interface Query {
  readonly class_id?: string | undefined;
  readonly env_kwargs: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A school's board shows this many; one that is not among them still sees their own line. */
const shownOfSchool = 500;

/**
 * Everybody's best, ranked: of a class that the caller belongs to, or of the caller's organisation. Names are for the
 * staff of the class and for administrators; students see their own, guardians their children's lines and no others.
 */
export async function readBoard(world: PoliciesWorld, caller: Caller, environment: string, query: Query) {
  const { env_kwargs, reward_threshold } = boardEnvironment(environment, query.env_kwargs);
  const org_id = await organisationOf(world, caller, query.class_id);
  const board = { org_id, environment, env_kwargs };
  const entries = await (query.class_id === undefined
    ? ofSchool(world, board)
    : ofClass(world, board, query.class_id));
  const view = await viewerOf(world, caller, { org_id, class_id: query.class_id }, entries);
  const ranked = ranksOf(entries).map(({ rank, entry }) => lineOf(entry, rank, caller, view.named(entry)));
  const lines = ranked.filter(({ entry_id }) => view.sees(entry_id));
  const listing: Listing = { caller, query, filters: { ...query, environment } };
  return {
    ...pageOf(listing, lines),
    environment,
    env_kwargs: JSON.parse(env_kwargs) as Record<string, unknown>,
    reward_threshold,
    own: ranked.find(({ own }) => own) ?? (await ownBeyond(world, caller, board, query.class_id)),
  };
}

async function organisationOf(
  { table }: PoliciesWorld,
  caller: Caller,
  class_id: string | undefined,
): Promise<string> {
  if (class_id === undefined) return caller.org_id;
  const found = await table.get(classes, { class_id }, { consistent: true });
  if (!found || !(await reachesClass(table, caller, found))) throw notFound('class');
  return found.org_id;
}

const ofSchool = async ({ table }: PoliciesWorld, board: Board): Promise<BoardEntryRecord[]> => {
  const found = await table.query(boardEntries, {
    index: 'gsi1',
    pk: rankedKey(board),
    backwards: true,
    limit: shownOfSchool,
  });
  return found.items;
};

/** The students of a class are the class's board: who leaves it leaves the board. */
async function ofClass(
  { table }: PoliciesWorld,
  board: Board,
  class_id: string,
): Promise<BoardEntryRecord[]> {
  const enrolled = await table.queryAll(enrollments, { pk: `class#${class_id}`, prefix: 'student#' });
  const keys = enrolled.map(({ student_id }) => ({ ...board, user_id: student_id }));
  const found = (await table.getMany(boardEntries, keys)).filter((entry) => entry !== undefined);
  return found.sort((a, b) => b.mean_reward - a.mean_reward || (a.verified_at < b.verified_at ? -1 : 1));
}

/** Of equal means the first was there first; they share its rank. */
function ranksOf(entries: readonly BoardEntryRecord[]) {
  let rank = 0;
  let mean = Number.NaN;
  return entries.map((entry, index) => {
    if (entry.mean_reward !== mean) {
      rank = index + 1;
      mean = entry.mean_reward;
    }
    return { rank, entry };
  });
}

interface Viewer {
  /** Whether the line is shown at all, and whether with its name. */
  sees(entry_id: string): boolean;
  named(entry: BoardEntryRecord): boolean;
}

async function viewerOf(
  { table }: PoliciesWorld,
  caller: Caller,
  { org_id, class_id }: { readonly org_id: string; readonly class_id: string | undefined },
  entries: readonly BoardEntryRecord[],
): Promise<Viewer> {
  if (caller.role === 'guardian') {
    const children = new Set(await linkedStudents(table, caller.user_id));
    const theirs = new Set(
      entries.filter(({ user_id }) => children.has(user_id)).map(({ entry_id }) => entry_id),
    );
    return { sees: (entry_id) => theirs.has(entry_id), named: () => true };
  }
  const knowsThem =
    administers(caller, org_id) || (class_id !== undefined && (await isStaffOf(table, caller, class_id)));
  return { sees: () => true, named: (entry) => knowsThem || entry.user_id === caller.user_id };
}

const lineOf = (entry: BoardEntryRecord, rank: number, caller: Caller, named: boolean): BoardLine => {
  const {
    org_id: _org,
    environment: _id,
    env_kwargs: _kwargs,
    user_id,
    name,
    version: _version,
    ...shown
  } = entry;
  return { ...shown, rank, own: user_id === caller.user_id, name: named ? name : null };
};

/** The caller's line where it stands beyond those that are shown; its exact rank would cost a read of all. */
async function ownBeyond(
  { table }: PoliciesWorld,
  caller: Caller,
  board: Board,
  class_id: string | undefined,
): Promise<BoardLine | null> {
  if (class_id !== undefined) return null;
  const entry = await table.get(boardEntries, { ...board, user_id: caller.user_id }, { consistent: true });
  return entry ? lineOf(entry, shownOfSchool + 1, caller, true) : null;
}
