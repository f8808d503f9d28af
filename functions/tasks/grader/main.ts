import { once } from 'node:events';
import { dynamoDb, sqs } from '#shared/aws/clients.ts';
import { taskArn } from '#shared/aws/task-arn.ts';
import { readEnv } from '#shared/env.ts';
import { systemClock } from '#shared/ids.ts';
import type { JobWorld } from '#shared/jobs/advance.ts';
import { errorFields, logger } from '#shared/observability.ts';
import { createTable } from '#shared/table/table.ts';
import { createDoorbell } from './doorbell.ts';
import { engineOf } from './engine.ts';
import { runGrader } from './grader.ts';
import { Presence } from './presence.ts';
import { Sandbox } from './sandbox/sandbox.ts';
import { work } from './work.ts';

/** From SIGTERM on: what is under way may finish within this, and is returned to the queue otherwise. */
const finishWithinMs = 22_000;
const endWithinMs = 29_000;

const env = readEnv(
  'TABLE_NAME',
  'SCHOOL_SETTINGS',
  'GRADING_QUEUE_URL',
  'GRADER_SLOTS',
  'GRADER_REUSE',
  'ECS_CONTAINER_METADATA_URI_V4',
);

/**
 * The grader task: runs what waits in the grading queue, as many programs at once as it has slots. On a machine
 * where no program can be run safely it says so, for the API to pass on, and does nothing else.
 */
async function main(): Promise<void> {
  const { ending, stopping } = untilAskedToEnd();
  const base: JobWorld = {
    table: createTable(dynamoDb(), env.TABLE_NAME),
    now: systemClock.now,
    events_days: env.SCHOOL_SETTINGS.retention.events_days,
  };
  const worker = await taskArn(env.ECS_CONTAINER_METADATA_URI_V4);
  const off_reason = Sandbox.supported();
  if (off_reason !== undefined) return idle(base, worker, off_reason, ending);

  const slots = env.GRADER_SLOTS;
  const sandbox = await Sandbox.open({
    slots,
    reuse: env.GRADER_REUSE === 'on',
    folder: new URL('./', import.meta.url),
    warn: (what, facts) => logger.warn(what, { ...facts }),
  });
  const presence = new Presence(base, worker, null);
  try {
    await runGrader({
      world: { ...base, engine: engineOf(sandbox), ending, stopping },
      worker,
      slots,
      doorbell: createDoorbell(sqs(), env.GRADING_QUEUE_URL),
      work,
    });
  } finally {
    await presence.end();
    await sandbox.close();
  }
}

async function idle(world: JobWorld, worker: string, reason: string, ending: AbortSignal): Promise<void> {
  logger.warn('grading.off', { reason });
  const presence = new Presence(world, worker, reason);
  if (!ending.aborted) await once(ending, 'abort');
  await presence.end();
}

function untilAskedToEnd(): { readonly ending: AbortSignal; readonly stopping: AbortSignal } {
  const [ending, stopping] = [new AbortController(), new AbortController()];
  const end = (): void => {
    if (ending.signal.aborted) return;
    ending.abort();
    setTimeout(() => stopping.abort(), finishWithinMs).unref();
    // what hangs even then is found by the news of the stopped task
    setTimeout(() => process.exit(1), endWithinMs).unref();
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  return { ending: ending.signal, stopping: stopping.signal };
}

await main().catch((error: unknown) => {
  logger.error('grader.failed', errorFields(error));
  process.exitCode = 1;
});
