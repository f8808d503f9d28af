import type { catOperations } from '#shared/contracts/cat.ts';
import type { Handlers } from '#shared/http/serve.ts';
import type { TestingWorld } from '../world.ts';
import { createSection, deleteSection, readSection } from './sections.ts';
import { endCat, startCat, submitCat } from './sessions.ts';

/** The 1EdTech CAT 1.0 service over plans and sessions: nothing of it is kept apart. */
export const catHandlers = (world: TestingWorld): Handlers<typeof catOperations> => ({
  createCatSection: (request) => createSection(world, request.caller, request),
  getCatSection: ({ caller, params }) => readSection(world, caller, params.section_id),
  deleteCatSection: ({ caller, params }) => deleteSection(world, caller, params.section_id),
  createCatSession: (request) => startCat(world, request.caller, request),
  submitCatResults: (request) => submitCat(world, request.caller, request),
  endCatSession: ({ caller, params }) => endCat(world, caller, params),
});
