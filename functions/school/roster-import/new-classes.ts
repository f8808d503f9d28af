import { classesOf } from '#shared/reach.ts';
import { classes } from '#shared/table/class.ts';
import { folded } from '#shared/table/entity.ts';
import { retried } from '#shared/table/retry.ts';
import type { Table } from '#shared/table/table.ts';
import { users } from '#shared/table/user.ts';
import { newClass, newClassWrites, teacherOf } from '../classes.ts';
import type { World } from '../world.ts';
import type { Place } from './places.ts';

/** Four items a class and one for the teacher, of the 100 that a transaction takes. */
const classesPerTransaction = 24;

/** The classes where a person is on the staff, read consistently. */
export async function staffedClasses(table: Table, user_id: string, org_id: string): Promise<Place[]> {
  const ids = await classesOf(table, user_id);
  const found = await table.getMany(
    classes,
    ids.map((class_id) => ({ class_id })),
  );
  return found.flatMap((one) => (one?.org_id === org_id ? [one] : []));
}

/**
 * Creates the classes that their teacher does not have yet; ends with one of each name, whoever else is at it.
 *
 * Every new class raises its teacher's version, so a transaction that states the version seen before the
 * classes were read makes none that another has just made.
 */
export async function createClasses(
  world: World,
  of: { readonly teacher_id: string; readonly org_id: string },
  names: readonly string[],
): Promise<{ readonly present: readonly Place[]; readonly made: readonly string[] }> {
  const { table } = world;
  const done: string[] = [];
  for (;;) {
    const present = await retried(async () => {
      const teacher = await teacherOf(world, of.teacher_id, of.org_id);
      const own = await staffedClasses(table, of.teacher_id, of.org_id);
      const known = new Set(own.map(({ name }) => folded(name)));
      const missing = names.filter((name) => !known.has(folded(name))).slice(0, classesPerTransaction);
      if (missing.length === 0) return own;
      const guard = table.update(users, teacher, {
        expression: 'ADD #version :one',
        when: '#version = :seen',
        values: { ':one': 1, ':seen': teacher.version },
      });
      const made = missing.flatMap((name) =>
        newClassWrites(world, newClass(world, teacher, { name }), teacher),
      );
      await table.write(guard, ...made);
      done.push(...missing);
      return undefined;
    });
    if (present) return { present, made: done };
  }
}
