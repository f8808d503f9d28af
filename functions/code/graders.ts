import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
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
export async function requireGrader({ table, now, askForGrader }: CodeWorld): Promise<void> {
  const known = await table.queryAll(workers, { pk: workersKey('grading') });
  const since = new Date(now().getTime() - graderSilenceMs).toISOString();
  const [newest] = known
    .filter(({ seen_at }) => seen_at >= since)
    .sort((a, b) => (a.seen_at < b.seen_at ? 1 : -1));
  if (!newest) return askForGrader();
  if (newest.off_reason !== null)
    throw unavailable('grading.off', `Programs cannot be run here. ${newest.off_reason}`);
}

/**
 * Sets the grader service to one task. Outside the school's hours it has none; the backlog of the queue would start
 * one too, a minute later. A service that cannot be asked is no reason to refuse what will be run in time.
 */
export function graderService(cluster: string, service: string, now: () => Date): () => Promise<void> {
  let askedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (now().getTime() - askedAt < coldStartMs) return;
    askedAt = now().getTime();
    try {
      await ecs().send(new UpdateServiceCommand({ cluster, service, desiredCount: 1 }));
    } catch (error) {
      logger.warn('grading.not_asked', errorFields(error));
    }
  };
}
