import type { exerciseOperations } from '#shared/contracts/exercises.ts';
import type { Handlers } from '#shared/http/serve.ts';
import { wakeGrader } from '../graders.ts';
import type { CodeWorld } from '../world.ts';
import { readableExercise } from './access.ts';
import { certifyExercise } from './certify.ts';
import { deleteExercise } from './delete.ts';
import { exportExercise } from './export.ts';
import { readZip } from './import-zip.ts';
import { listExercises, listVersions } from './list.ts';
import { publishExercise } from './publish.ts';
import { viewExercise } from './view.ts';
import { createExercise, updateExercise } from './write.ts';

export const exerciseHandlers = (world: CodeWorld): Handlers<typeof exerciseOperations> => ({
  createExercise: ({ caller, body, idempotency_key: key }) =>
    createExercise(world, caller, { operation: 'createExercise', key, body, read: () => body }),
  importExercise: ({ caller, body, idempotency_key: key }) =>
    createExercise(world, caller, {
      operation: 'importExercise',
      key,
      body,
      read: () => (body.format === 'zip' ? readZip(body.base64) : body.exercise),
    }),
  listExercises: ({ caller, query }) => listExercises(world, caller, query),
  getExercise: async ({ caller, params, query }) => {
    const exercise = await readableExercise(world, caller, params.exercise_id);
    if (caller.role === 'student') await wakeGrader(world);
    return viewExercise(world, caller, exercise, query.version);
  },
  updateExercise: ({ caller, params, body }) => updateExercise(world, caller, params.exercise_id, body),
  deleteExercise: ({ caller, params }) => deleteExercise(world, caller, params.exercise_id),
  listVersions: ({ caller, params, query }) => listVersions(world, caller, params.exercise_id, query),
  certifyExercise: ({ caller, params, idempotency_key }) =>
    certifyExercise(world, caller, params.exercise_id, idempotency_key),
  publishExercise: ({ caller, params }) => publishExercise(world, caller, params.exercise_id),
  exportExercise: ({ caller, params, query }) => exportExercise(world, caller, params.exercise_id, query),
});
