import type { assignmentOperations } from '#shared/contracts/assignments.ts';
import type { Handlers } from '#shared/http/serve.ts';
import { reachedAssignment } from '../access.ts';
import type { CodeWorld } from '../world.ts';
import { putExtension } from './extension.ts';
import { listAssignments } from './list.ts';
import { listProgress } from './progress.ts';
import { viewAssignment } from './view.ts';
import { createAssignment, deleteAssignment, updateAssignment } from './write.ts';

/** All of the contract but the similarity reports, which have a folder of their own. */
type Operations = Omit<typeof assignmentOperations, 'startSimilarity' | 'getSimilarity'>;

export const assignmentHandlers = (world: CodeWorld): Handlers<Operations> => ({
  createAssignment: (request) => createAssignment(world, request.caller, request),
  listAssignments: ({ caller, query }) => listAssignments(world, caller, query),
  getAssignment: async ({ caller, params }) =>
    viewAssignment(world, caller, (await reachedAssignment(world, caller, params.assignment_id)).assignment),
  updateAssignment: ({ caller, params, body }) => updateAssignment(world, caller, params.assignment_id, body),
  deleteAssignment: ({ caller, params }) => deleteAssignment(world, caller, params.assignment_id),
  assignmentProgress: ({ caller, params, query }) => listProgress(world, caller, params.assignment_id, query),
  putExtension: ({ caller, params, body }) => putExtension(world, caller, params, body),
});
