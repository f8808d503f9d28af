/** Several trainings side by side, and their files. */
import { describe, expect, test } from 'vitest';
import type { RecordedConfig } from '#shared/contracts/training.ts';
import { curves, evaluations } from '#shared/jobs/training-records.ts';
import { linesPerSegment, segmentKey, tailKey } from '#shared/jobs/training-series.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { aTrainingOf, tinyConfig } from '#tests/support/trainer.ts';

const school = await aSchool();
const { table } = school;
const student = await school.person('student');

/** A training that has ended, with rewards that rise to `top` in ten points and two evaluations. */
async function trained(config: Partial<RecordedConfig>, top: number) {
  const { configHash } = await import('#shared/jobs/config-hash.ts');
  const whole = { ...tinyConfig, ...config } as RecordedConfig;
  const job = await aTrainingOf(student, table, {
    config: whole,
    config_hash: configHash(whole),
    state: 'succeeded',
    best_mean_reward: top,
    final_mean_reward: top,
  });
  const { job_id } = job;
  const points = Array.from({ length: 10 }, (_, at) => ({
    step: (at + 1) * 100,
    episode_reward: ((at + 1) * top) / 10,
  }));
  await table.write(table.put(curves, { job_id, points }));
  for (const step of [500, 1000])
    await table.write(
      table.put(evaluations, {
        job_id,
        step,
        at: new Date().toISOString(),
        mean_reward: (top * step) / 1000,
        std_reward: 0,
        min_reward: 0,
        max_reward: top,
        mean_ep_length: 10,
        n_episodes: 20,
        success: false,
        best: true,
      }),
    );
  return job;
}

describe('comparing', () => {
  test('shows what differs, and groups what differs in seed and name only, with mean and deviation', async () => {
    const [one, two, other] = [
      await trained({ seed: 1, name: 'a' }, 100),
      await trained({ seed: 2, name: 'b' }, 200),
      await trained({ seed: 1, max_steps: 4096 }, 50),
    ];
    const ids = [one, two, other].map(({ job_id }) => job_id);
    const { runs, differences, groups } = await student.training.compare({ query: { ids } });
    expect(runs.map(({ session }) => session.session_id)).toEqual(ids);
    expect(runs[0]?.evaluations.map(({ step }) => step)).toEqual([500, 1000]);
    expect(runs[0]?.curve.at(-1)).toEqual({ step: 1000, episode_reward: 100 });
    expect(differences).toEqual([{ field: 'max_steps', values: [3072, 3072, 4096] }]);
    expect(groups.map(({ session_ids }) => session_ids)).toEqual([ids.slice(0, 2), ids.slice(2)]);
    expect(groups[0]?.best).toEqual({ mean: 150, sd: expect.closeTo(70.71, 2), n: 2 });
    expect(groups[0]?.evaluations).toEqual([
      { step: 500, mean: 75, sd: expect.closeTo(35.36, 2), n: 2 },
      { step: 1000, mean: 150, sd: expect.closeTo(70.71, 2), n: 2 },
    ]);
    expect(groups[0]?.rewards.at(-1)).toEqual({ step: 1000, mean: 150, sd: expect.closeTo(70.71, 2), n: 2 });
    expect(groups[1]?.final).toEqual({ mean: 50, sd: null, n: 1 });
  });

  test('is for trainings that one may see, at most twenty', async () => {
    const { job_id } = await trained({}, 1);
    const stranger = await school.person('student');
    expect(await refusal(stranger.training.compare({ query: { ids: [job_id] } }))).toBe(
      '404 training.not_found',
    );
    const many = Array.from({ length: 21 }, (_, at) => `id-${at}`);
    expect(await refusal(student.training.compare({ query: { ids: many } }))).toBe('422 request.invalid');
  });
});

/** Files as the trainer leaves them, of so many iterations. */
async function filed(points: number, name?: string) {
  const job = await aTrainingOf(student, table, {
    config: { ...tinyConfig, ...(name !== undefined && { name }) },
    state: 'succeeded',
    metrics_points: points,
    metrics_attempt: 1,
  });
  const line = (at: number) =>
    JSON.stringify({ step: (at + 1) * 8, 'rollout/ep_rew_mean': at % 7 === 0 ? null : at, 'time/fps': 1000 });
  const put = (Key: string, from: number, to: number) => {
    const Body = `${Array.from({ length: to - from }, (_, at) => line(from + at)).join('\n')}\n`;
    return school.put(Key, Body);
  };
  const full = Math.floor(points / linesPerSegment);
  for (let at = 0; at < full; at++)
    await put(segmentKey(job, at), at * linesPerSegment, (at + 1) * linesPerSegment);
  // a line more than the checkpoint that counts reached up to
  if (points % linesPerSegment > 0) await put(tailKey(job, full, 1), full * linesPerSegment, points + 1);
  return job;
}
const textOf = ({ base64 }: { base64: string | null }) => Buffer.from(base64 ?? '', 'base64').toString();

describe('the complete metrics', () => {
  test('are one file of all segments, as JSON lines and as a table', async () => {
    const { job_id: session_id } = await filed(1203);
    const params = { session_id };
    const jsonl = await student.training.exportMetrics({ params, query: { format: 'jsonl' } });
    const lines = textOf(jsonl).trimEnd().split('\n');
    expect([lines.length, JSON.parse(lines.at(-1) ?? '').step]).toEqual([1203, 1203 * 8]);
    const csv = await student.training.exportMetrics({ params });
    expect(csv).toMatchObject({ media_type: 'text/csv; charset=utf-8', urls: [] });
    const rows = textOf(csv).trimEnd().split('\r\n');
    expect(rows.slice(0, 3)).toEqual(['step,rollout/ep_rew_mean,time/fps', '8,,1000', '16,1,1000']);
    expect(rows).toHaveLength(1204);
  });

  test('that are too large for a reply are fetched from where they lie, part by part', async () => {
    const { job_id: session_id } = await filed(5500);
    const file = await student.training.exportMetrics({ params: { session_id }, query: { format: 'jsonl' } });
    expect([file.base64, file.urls.length]).toEqual([null, 11]);
    const texts = await Promise.all(file.urls.map(async (url) => (await fetch(url)).text()));
    expect(texts.join('').trimEnd().split('\n')).toHaveLength(5500);
    const [url = ''] = file.urls;
    expect((await fetch(url.replace('/000000.jsonl', '/000001.jsonl'))).status).toBe(403);
  });

  test('of several are one table: a row for each step, a column for each training', async () => {
    const [short, long] = [await filed(2, 'short, "first"'), await filed(3, '=long')];
    const ids = [short.job_id, long.job_id];
    const table = textOf(await student.training.exportTable({ query: { ids } }));
    expect(table.split('\r\n')).toEqual([`step,"short, ""first""",'=long`, '8,,', '16,1,1', '24,,2', '']);
    const wide = textOf(
      await student.training.exportTable({ query: { ids, metrics: ['rollout/ep_rew_mean', 'time/fps'] } }),
    );
    expect(wide.split('\r\n')[2]).toBe('16,1,1000,1,1000');
  });

  test('of a training that has no checkpoint yet are empty', async () => {
    const { session_id } = await student.training.start({
      body: { algorithm: 'ppo', environment: 'CartPole-v1' },
    });
    expect(textOf(await student.training.exportMetrics({ params: { session_id } })).trim()).toBe('');
    expect((await student.training.evaluations({ params: { session_id } })).items).toEqual([]);
    expect((await student.training.checkpoints({ params: { session_id } })).items).toEqual([]);
  });
});
