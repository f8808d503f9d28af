import type { Assignment } from '#shared/contracts/assignments.ts';
import { api } from '../../app/api.ts';
import { user } from '../../app/session.ts';
import { everyPage } from '../../data/list.ts';
import { type Resource, useResource } from '../../data/resource.ts';

/** What was given to the classes of the student who is signed in. */
export const useMyAssignments = (): Resource<Assignment[]> =>
  useResource(`assignments.${user.value?.user_id ?? ''}`, async (signal) =>
    user.value?.role === 'student'
      ? everyPage((page) => api.assignments.listAssignments({ query: { limit: 100, ...page }, signal }), 300)
      : [],
  );
