import type { Caller, Reply, Request } from '#shared/contracts/operation.ts';
import type { schoolContract } from '#shared/contracts/school.ts';
import { conflict, invalid, notFound } from '#shared/errors.ts';
import { pageOf } from '#shared/http/paging.ts';
import { reachesStudent } from '#shared/reach.ts';
import { tie } from '#shared/table/change-user.ts';
import { type GuardianLinkRecord, guardianLinks, guardianOf } from '#shared/table/guardian.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { retried } from '#shared/table/retry.ts';
import { type UserRecord, users } from '#shared/table/user.ts';
import { administers, isAdmin, personOf, unknown } from './access.ts';
import { type ListQuery, listing } from './listing.ts';
import type { Keyed, World } from './world.ts';

type Contract = typeof schoolContract;
type GuardianLink = Reply<Contract['linkGuardian']>;
interface Pair {
  readonly guardian_id: string;
  readonly student_id: string;
}

/** A student whom the caller reaches; otherwise `orElse`. */
async function reachedChild(
  world: World,
  caller: Caller,
  user_id: string,
  orElse: () => Error,
): Promise<UserRecord> {
  const found = await world.table.get(users, { user_id }, { consistent: true });
  if (found?.role !== 'student' || !(await reachesStudent(world.table, caller, found))) throw orElse();
  return found;
}

export function linkGuardian(
  world: World,
  caller: Caller,
  { body, idempotency_key: key }: Keyed<Request<Contract['linkGuardian']>['body']>,
): Promise<GuardianLink> {
  const { table } = world;
  return idempotently(
    table,
    { caller, operation: 'linkGuardian', key, body, now: world.now() },
    (once) =>
      retried(async () => {
        const student = await reachedChild(world, caller, body.student_id, unknown.student);
        const guardian = await personOf(
          world,
          body.guardian_id,
          student.org_id,
          ['guardian'],
          unknown.guardian,
        );
        const link: GuardianLinkRecord = {
          guardian_id: guardian.user_id,
          guardian_name: guardian.name,
          student_id: student.user_id,
          student_name: student.name,
          linked_at: world.now().toISOString(),
        };
        await table.write(
          ...once(guardian.user_id),
          table.insert(guardianLinks, link, () => conflict('guardian.linked', 'Already linked')),
          table.insert(guardianOf, link),
          tie(table, guardian),
          tie(table, student),
        );
        return link;
      }),
    () => storedLink(world, body),
  );
}

async function storedLink(world: World, pair: Pair): Promise<GuardianLinkRecord> {
  const found = await world.table.get(guardianLinks, pair, { consistent: true });
  if (!found) throw notFound('guardian_link');
  return found;
}

export async function unlinkGuardian(world: World, caller: Caller, pair: Pair): Promise<void> {
  const orElse = () => notFound('guardian_link');
  await reachedChild(world, caller, pair.student_id, orElse);
  await world.table.write(
    world.table.remove(guardianLinks, pair, { orElse }),
    world.table.remove(guardianOf, pair, { orElse }),
  );
}

type LinkQuery = ListQuery & {
  readonly student_id?: string | undefined;
  readonly guardian_id?: string | undefined;
};

export async function listGuardianLinks(
  world: World,
  caller: Caller,
  query: LinkQuery,
): Promise<Reply<Contract['listGuardianLinks']>> {
  const asked = askedLinks(caller, query);
  const links =
    asked.student_id !== undefined
      ? await linksOfStudent(world, caller, asked.student_id)
      : await linksOfGuardian(world, caller, asked.guardian_id);
  const wanted = links.filter(
    ({ guardian_id }) => asked.guardian_id === undefined || guardian_id === asked.guardian_id,
  );
  return pageOf(listing('listGuardianLinks', caller, query), wanted);
}

type Asked =
  | { readonly student_id: string; readonly guardian_id: string | undefined }
  | { readonly student_id: undefined; readonly guardian_id: string };

/** Students and guardians stand for themselves; others say whom they mean. */
function askedLinks(caller: Caller, query: LinkQuery): Asked {
  const student_id = caller.role === 'student' ? caller.user_id : query.student_id;
  const guardian_id = caller.role === 'guardian' ? caller.user_id : query.guardian_id;
  if (query.student_id !== undefined && query.student_id !== student_id) throw notFound('student');
  if (query.guardian_id !== undefined && query.guardian_id !== guardian_id) throw notFound('guardian');
  if (student_id !== undefined) return { student_id, guardian_id };
  if (guardian_id !== undefined) return { student_id, guardian_id };
  throw invalid(['query', 'student_id'], 'name a student (student_id) or a guardian (guardian_id)');
}

async function linksOfStudent(
  world: World,
  caller: Caller,
  student_id: string,
): Promise<GuardianLinkRecord[]> {
  await reachedChild(world, caller, student_id, () => notFound('student'));
  const of = await world.table.queryAll(guardianOf, { pk: `user#${student_id}`, prefix: 'guardian#' });
  const links = await world.table.getMany(guardianLinks, of);
  return links.filter((link) => link !== undefined);
}

/** The links of a guardian, for others than administrators only those to students whom they reach. */
async function linksOfGuardian(
  world: World,
  caller: Caller,
  guardian_id: string,
): Promise<GuardianLinkRecord[]> {
  const orElse = () => notFound('guardian');
  const guardian = await world.table.get(users, { user_id: guardian_id }, { consistent: true });
  if (guardian?.role !== 'guardian') throw orElse();
  if (isAdmin(caller) && !administers(caller, guardian.org_id)) throw orElse();
  const links = await world.table.queryAll(guardianLinks, { pk: `user#${guardian_id}`, prefix: 'child#' });
  if (isAdmin(caller) || caller.user_id === guardian_id) return links;
  const reached = await Promise.all(
    links.map(({ student_id }) =>
      reachesStudent(world.table, caller, { user_id: student_id, org_id: guardian.org_id }),
    ),
  );
  const seen = links.filter((_, at) => reached[at]);
  if (seen.length === 0) throw orElse();
  return seen;
}
