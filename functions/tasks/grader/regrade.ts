import type { JobOf } from '#shared/jobs/job.ts';
import { regrades } from '#shared/table/regrade.ts';
import { persist } from './persist.ts';
import { applyRegrade } from './regrade/apply.ts';
import { previewRegrade } from './regrade/preview.ts';
import { walk } from './walk.ts';
import type { Came, GraderWorld } from './world.ts';

/** Goes through the submissions of a regrade, one at a time: first to see what would come of it, later to do it. */
export const runRegrade = (world: GraderWorld, job: JobOf<'regrade'>): Promise<Came> =>
  walk(world, job, async (walked) => {
    const { regrade_id } = job;
    const regrade = await persist('regrade.read', () =>
      world.table.get(regrades, { regrade_id }, { consistent: true }),
    );
    if (!regrade) throw new Error(`regrade ${regrade_id} is not there`);
    if (regrade.stage === 'preview') await previewRegrade(world, walked, regrade);
    else await applyRegrade(world, walked, regrade);
  });
