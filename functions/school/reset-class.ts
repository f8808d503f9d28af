import type { Caller, Reply, Request } from '#shared/contracts/operation.ts';
import type { schoolContract } from '#shared/contracts/school.ts';
import { resetCodeWrite } from '#shared/identity/reset-code.ts';
import { enrollments } from '#shared/table/enrollment.ts';
import { sortable } from '#shared/table/entity.ts';
import { transactionSize } from '#shared/table/table.ts';
import { users } from '#shared/table/user.ts';
import { taughtClass } from './access.ts';
import type { World } from './world.ts';

type Contract = typeof schoolContract;
type Whom = Request<Contract['resetClass']>['body']['whom'];

/** One-time codes for a whole class; who runs the class gives them out. */
export async function resetClass(
  world: World,
  caller: Caller,
  class_id: string,
  whom: Whom,
): Promise<Reply<Contract['resetClass']>> {
  await taughtClass(world, caller, class_id);
  const enrolled = await world.table.queryAll(enrollments, { pk: `class#${class_id}`, prefix: 'student#' });
  const people = await world.table.getMany(
    users,
    enrolled.map(({ student_id }) => ({ user_id: student_id })),
  );
  const now = world.now();
  const issued = people
    .filter((user) => user !== undefined)
    .filter((user) => !user.disabled && (whom === 'all' || user.password_hash === null))
    .toSorted((a, b) => (sortable(a.name) < sortable(b.name) ? -1 : 1))
    .map((user) => ({ user, code: resetCodeWrite(world.table, { user_id: user.user_id, now }) }));
  for (let from = 0; from < issued.length; from += transactionSize)
    await world.table.write(...issued.slice(from, from + transactionSize).map(({ code }) => code.write));
  return {
    class_id,
    expires_at: issued[0]?.code.expires_at ?? now.toISOString(),
    left_out: enrolled.length - issued.length,
    cards: issued.map(({ user, code }) => ({
      student_id: user.user_id,
      name: user.name,
      username: user.username,
      email: user.email,
      code: code.code,
    })),
  };
}
