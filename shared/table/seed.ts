import * as z from 'zod';
import { entity } from './entity.ts';

const seedName = z.enum(['exercises', 'item_banks', 'demo_quizzes', 'demo_plans']);

/**
 * What the setup has already put into the school: done once, whatever becomes of it later.
 *
 * Access pattern: by name: `school` / `seed#<name>`
 */
export const seeds = entity({
  type: 'seed',
  schema: z.object({ name: seedName, count: z.int(), created_at: z.string() }),
  key: ({ name }: { name: z.output<typeof seedName> }) => ({ pk: 'school', sk: `seed#${name}` }),
});

/**
 * The people as whom one may look around in a demo school.
 *
 * Access pattern: `school` / `demo`
 */
export const demoPeople = entity({
  type: 'demo_people',
  schema: z.object({
    teacher: z.string(),
    student: z.string(),
    guardian: z.string(),
    created_at: z.string(),
  }),
  key: (_: object) => ({ pk: 'school', sk: 'demo' }),
});
