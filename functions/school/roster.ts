import type { Caller, Reply } from '#shared/contracts/operation.ts';
import type { schoolContract } from '#shared/contracts/school.ts';
import { type EnrollmentRecord, enrollments } from '#shared/table/enrollment.ts';
import { students } from '#shared/table/profile.ts';
import { reachedClass } from './access.ts';
import { indexPage, type ListQuery, listing, matches } from './listing.ts';
import type { World } from './world.ts';

type Roster = Reply<(typeof schoolContract)['listClassStudents']>;
type Entry = Roster['items'][number];

/** The students of a class by name; the class counts them, so the whole roster has a total. */
export async function listClassStudents(
  world: World,
  caller: Caller,
  class_id: string,
  query: ListQuery,
): Promise<Roster> {
  const { student_count } = await reachedClass(world, caller, class_id);
  return indexPage(world, listing('listClassStudents', caller, query, { class_id }), query, {
    entity: enrollments,
    index: 'gsi1',
    pk: `class#${class_id}#roster`,
    total: query.q === undefined ? student_count : null,
    show: async (batch) =>
      (await entriesOf(world, batch)).map((entry) =>
        matches(query.q, entry.name, entry.email, entry.username) ? entry : undefined,
      ),
  });
}

async function entriesOf(world: World, batch: readonly EnrollmentRecord[]): Promise<Entry[]> {
  const profiles = await world.table.getMany(
    students,
    batch.map(({ student_id }) => ({ user_id: student_id })),
  );
  return batch.map(({ student_id, student_name, enrolled_at }, at) => ({
    student_id,
    name: student_name,
    grade: profiles[at]?.grade ?? null,
    email: profiles[at]?.email ?? null,
    username: profiles[at]?.username ?? null,
    enrolled_at,
  }));
}
