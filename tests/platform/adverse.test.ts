import { expect, test } from 'vitest';
import { allEvents, follow, signUp, smallConfig } from '#tests/support/person.ts';
import { startPlatform } from '#tests/support/platform.ts';

/**
 * The whole way again under what AWS does on a bad day, from a seed: stream records shuffled and doubled,
 * throttles, transaction conflicts, sockets gone, no capacity for a task.
 */
test.each([3, 11])('trainings end whole and in order in the adverse mode (seed %i)', async (faults) => {
  await using platform = await startPlatform({ faults });
  const students = await Promise.all([
    signUp(platform.origin),
    signUp(platform.origin),
    signUp(platform.origin),
  ]);
  await Promise.all(
    students.map(async (student) => {
      const { session_id } = await student.training.start({ body: smallConfig });
      using watched = follow(student, session_id);
      await watched.ended();
      const seqs = watched.events.map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
      expect(await student.training.get({ params: { session_id } })).toMatchObject({ status: 'completed' });
      expect(await allEvents(student, session_id)).toEqual(watched.events);
    }),
  );
});
