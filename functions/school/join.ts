import type { Caller } from '#shared/contracts/operation.ts';
import { unknownReference } from '#shared/errors.ts';
import { normalizeCode } from '#shared/identity/reset-code.ts';
import { refill, takeToken } from '#shared/identity/throttle.ts';
import { classes, joinCodes } from '#shared/table/class.ts';
import { type Enrollment, enrollOnce, studentOf } from './enrollments.ts';
import type { Keyed, World } from './world.ts';

/** Ten tries at once, then one a minute: eight symbols of base32 hold for longer than any school. */
const tries = { capacity: 10, refill_per_s: 1 / 60 } as const;

const codeUnknown = () =>
  unknownReference('class.join_code_unknown', 'No class has this code. Check it, or ask your teacher.');

/** Joins a class by what the teacher wrote on the board: case, hyphen and look-alike symbols do not matter. */
export async function joinClass(
  world: World,
  caller: Caller,
  { body, idempotency_key: key }: Keyed<{ readonly code: string }>,
): Promise<Enrollment> {
  const bucket = `join#${caller.user_id}`;
  await takeToken(world.table, bucket, tries, world.now());
  const find = async () => {
    const class_id = await classOf(world, caller, normalizeCode(body.code));
    return { class_id, student: await studentOf(world, caller.user_id, caller.org_id) };
  };
  const joined = await enrollOnce(
    world,
    { caller, operation: 'joinClass', key, body },
    'join_code',
    find,
    codeUnknown,
  );
  await refill(world.table, bucket);
  return joined;
}

async function classOf(world: World, caller: Caller, code: string): Promise<string> {
  const claim = await world.table.get(joinCodes, { code }, { consistent: true });
  const found = claim && (await world.table.get(classes, claim, { consistent: true }));
  if (found?.org_id !== caller.org_id) throw codeUnknown();
  return found.class_id;
}
