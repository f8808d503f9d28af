import { DescribeServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { ecs } from '#shared/aws/clients.ts';
import { unavailable } from '#shared/errors.ts';
import { workers, workersKey } from '#shared/jobs/job.ts';
import { errorFields, logger } from '#shared/observability.ts';
import type { CodeWorld } from './world.ts';

/** A grader that was not seen for longer is gone. */
const graderSilenceMs = 30_000;
/** A task that was asked for needs up to this long to say its first word. */
const coldStartMs = 120_000;

/**
 * Before something is queued for the graders: where none of them can work, says so and why; where none is there, asks
 * for one.
 *
 * @throws 503 `grading.off`
 */
export async function requireGrader(world: CodeWorld): Promise<void> {
  const newest = await newestGrader(world);
  if (!newest) return world.askForGrader();
  if (newest.off_reason !== null)
    throw unavailable('grading.off', `Programs cannot be run here. ${newest.off_reason}`);
}

/** Who opens an exercise will run something soon: a grader that is asked for now is there by then. */
export async function wakeGrader(world: CodeWorld): Promise<void> {
  if (!(await newestGrader(world))) await world.askForGrader();
}

async function newestGrader({ table, now }: CodeWorld) {
  const known = await table.queryAll(workers, { pk: workersKey('grading') });
  const since = new Date(now().getTime() - graderSilenceMs).toISOString();
  const alive = known.filter(({ seen_at }) => seen_at >= since);
  return alive.sort((a, b) => (a.seen_at < b.seen_at ? 1 : -1))[0];
}

/**
 * Sets the grader service to one task, if it has none. Outside the school's hours it has none; the backlog of the queue would start
 * one too, a minute later. A service that cannot be asked is no reason to refuse what will be run in time.
 */
export function graderService(cluster: string, service: string, now: () => Date): () => Promise<void> {
  let askedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (now().getTime() - askedAt < coldStartMs) return;
    askedAt = now().getTime();
    try {
      const { services } = await ecs().send(new DescribeServicesCommand({ cluster, services: [service] }));
      // what the backlog has asked for is on its way, and not to be reduced
      if ((services?.[0]?.desiredCount ?? 0) > 0) return;
      await ecs().send(new UpdateServiceCommand({ cluster, service, desiredCount: 1 }));
    } catch (error) {
      logger.warn('grading.not_asked', errorFields(error));
    }
  };
}
