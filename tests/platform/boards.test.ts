import { setTimeout as sleep } from 'node:timers/promises';
import { unzipSync } from 'fflate';
import { describe, expect, inject, test } from 'vitest';
import { policiesContract } from '#shared/contracts/training-policies.ts';
import { createClient } from '#shared/http/client.ts';
import { follow, type Person, signUp, smallConfig } from '#tests/support/person.ts';
import { balancing } from '#tests/support/policies.ts';

describe('a policy on a running platform', () => {
  const platform = inject('platform');

  const policiesOf = (person: Person) =>
    createClient(policiesContract, { origin: platform.origin, token: () => person.token });

  test('that was trained here is exported, and entered on the board', async () => {
    const student = await signUp(platform.origin);
    const { session_id } = await student.training.start({ body: smallConfig });
    using trained = follow(student, session_id);
    await trained.ended();
    const policies = policiesOf(student);
    const { base64 } = await policies.exportPolicy({ params: { session_id } });
    const files = Object.keys(unzipSync(new Uint8Array(Buffer.from(base64, 'base64'))));
    expect(files.map((path) => path.split('/')[1]).sort()).toEqual([
      'README.md',
      'index.html',
      'model.json',
      'policy.safetensors',
      'run.mjs',
      'weights.bin',
    ]);
    const params = { environment: 'CartPole-v1' };
    const { entry_id } = await policies.enter({ params, body: { session_id } });
    using watched = follow(student, entry_id);
    const told = await watched.until(({ type }) => type === 'board.verified');
    expect(Number(told.data['mean_reward'])).toBeGreaterThan(20);
  });

  test('goes from the upload over the queue to the verifier, and stands on the board', async () => {
    const student = await signUp(platform.origin);
    const policies = policiesOf(student);
    const params = { environment: 'CartPole-v1' };
    const { upload_id } = await policies.uploadPolicy({ body: balancing() });
    const { entry_id } = await policies.enter({ params, body: { upload_id } });
    using watched = follow(student, entry_id);
    const told = await watched.until(({ type }) => type === 'board.verified');
    expect(told.data).toMatchObject({ mean_reward: 500, n_episodes: 100, success: true });
    await watched.until(({ type, data }) => type === 'job.status' && data['status'] === 'verified');
    expect(watched.events.map(({ seq }) => seq)).toEqual(watched.events.map((_, at) => at + 1));

    // the index of ranks follows the table
    const ranked = async () => (await policies.leaderboard({ params })).items;
    for (let tries = 0; tries < 50 && (await ranked())[0]?.own !== true; tries++) await sleep(100);
    expect((await ranked())[0]).toMatchObject({ rank: 1, own: true, entry_id, mean_reward: 500 });
    const replay = await policies.entryReplay({ params: { ...params, entry_id } });
    expect(replay).toMatchObject({ reward: 500, length: 500 });
  });
});
