/** Checkpoints as files: those that are kept for themselves, and the last one. */
import { describe, expect, test } from 'vitest';
import { checkpointKey } from '#shared/jobs/artifacts.ts';
import { joinCheckpoint } from '#shared/jobs/checkpoint-object.ts';
import { checkpoints } from '#shared/jobs/training-records.ts';
import { keptCheckpointKey } from '#shared/jobs/training-series.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { aTrainingOf } from '#tests/support/trainer.ts';

const school = await aSchool();
const { table, put } = school;
const student = await school.person('student');
const inDays = (days: number): number => Math.floor(Date.now() / 1000) + days * 86_400;

/** A training that goes on from step 2000, with a checkpoint of step 1000 that is kept for so many days. */
async function training({ days = 7, state = Buffer.from('the last state') } = {}) {
  const job = await aTrainingOf(student, table, { state: 'paused', checkpoint_step: 2000 });
  await put(keptCheckpointKey(job, 1000), Buffer.from('the state at 1000'));
  await put(checkpointKey(job), joinCheckpoint({ state, replay: Buffer.from('a replay buffer') }));
  const { job_id } = job;
  await table.write(
    table.put(checkpoints, {
      job_id,
      step: 1000,
      reasons: ['saved'],
      size_bytes: 17,
      mean_reward: null,
      at: new Date().toISOString(),
      expires_at: inDays(days),
    }),
  );
  return (step: number) => student.training.exportCheckpoint({ params: { session_id: job_id, step } });
}

describe('a checkpoint', () => {
  test('that is kept for itself is fetched from where it lies, for some minutes', async () => {
    const file = await (await training())(1000);
    expect(file).toMatchObject({ base64: null, file_name: expect.stringMatching(/-1000\.safetensors$/) });
    const [url = ''] = file.urls;
    expect(await (await fetch(url)).text()).toBe('the state at 1000');
    const left_ms = Date.parse(file.urls_expire_at ?? '') - Date.now();
    expect(left_ms).toBeGreaterThan(60_000);
    expect(left_ms).toBeLessThanOrEqual(900_000);
    expect((await fetch(url.replace('/1000.', '/2000.'))).status).toBe(403);
  });

  test('that resuming goes on from comes with the reply, without the replay buffer', async () => {
    const file = await (await training())(2000);
    expect(file.urls).toEqual([]);
    expect(file.file_name).toMatch(/-last\.safetensors$/);
    expect(Buffer.from(file.base64 ?? '', 'base64').toString()).toBe('the last state');
  });

  test('of another step, or one that has expired, is not there', async () => {
    expect(await refusal((await training())(1500))).toBe('404 checkpoint.not_found');
    expect(await refusal((await training({ days: -1 }))(1000))).toBe('404 checkpoint.not_found');
  });

  test('that is too large for a reply is refused with what can be had instead', async () => {
    const large = await training({ state: Buffer.alloc(3_000_001) });
    expect(await refusal(large(2000))).toBe('413 checkpoint.too_large');
    expect((await large(1000)).urls).toHaveLength(1);
  });
});
