import { describe, expect, test } from 'vitest';
import { advance, type JobWorld } from '#shared/jobs/advance.ts';
import { returnFromDeadWorker } from '#shared/jobs/dead-workers.ts';
import { jobs } from '#shared/jobs/job.ts';
import { claim } from '#shared/jobs/lifecycle.ts';
import { refusal, refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { jobsOf } from '#tests/support/trainer.ts';

const school = await aSchool();
const world: JobWorld = { table: school.table, now: () => new Date(), events_days: 30 };
const { read, eventsOf } = jobsOf(world);
const config = { algorithm: 'ppo', environment: 'CartPole-v1' } as const;
const admin = await school.person('org_admin');

const running = async (session_id: string) => {
  const job = await claim(world, await read(session_id), 'w');
  if (!job) throw new Error('not claimed');
  return job;
};

describe('starting a training', () => {
  test('answers at once with its place in the queue, every default filled in and the seed recorded', async () => {
    const student = await school.person('student');
    const session = await student.training.start({ body: config });
    expect(session).toMatchObject({
      status: 'pending',
      attempt: 0,
      last_seq: 1,
      owner_id: student.user_id,
      owner_name: student.name,
    });
    expect(session.queue_position).toBeGreaterThanOrEqual(1);
    expect(session.config).toMatchObject({
      max_steps: 100_000,
      hyperparameters: { learning_rate: 3e-4, n_steps: 2048 },
      engine: 'fast',
    });
    expect(session.config.seed).toBeGreaterThanOrEqual(0);
    expect(await student.training.get({ params: session })).toEqual(session);
    const { config: _config, config_hash: _hash, ...state } = session;
    expect(await student.training.status({ params: session })).toEqual(state);
    expect((await eventsOf(session.session_id)).map(({ data }) => data['status'])).toEqual(['pending']);
  });

  test('takes Stable-Baselines3’s names for the sources’, and not both', async () => {
    const student = await school.person('student');
    const start = (hyperparameters: object, more: object = {}) =>
      student.training.start({ body: { ...config, ...more, hyperparameters } });
    const session = await start({ vf_coef: 0.7, ent_coef: 0 }, { total_timesteps: 4096 });
    expect(session.config).toMatchObject({
      max_steps: 4096,
      hyperparameters: { value_coef: 0.7, entropy_coef: 0 },
    });
    const refusals = await Promise.all(
      [
        start({ vf_coef: 1, value_coef: 1 }),
        start({}, { max_steps: 1, total_timesteps: 1 }),
        start({ batch_size: 128, n_steps: 64 }),
        start({ batch_size: 60 }),
        start({ gamma: 1.1 }),
      ].map(refusal),
    );
    expect(new Set(refusals)).toEqual(new Set(['422 request.invalid']));
  });

  test.each([
    [{ algorithm: 'sac' }, /sac needs continuous actions|continuous/],
    [{ algorithm: 'a2c' }, /algorithm must be ppo/],
    [{ environment: 'Pong-v5' }, /there is no environment "Pong-v5"; there are: CartPole-v1/],
    [{ environment: 'Pendulum-v1', algorithm: 'dqn' }, /discrete/],
    [{ hyperparameters: { buffer_size: 1000 } }, /belongs to dqn and sac/],
    [{ hyperparameters: { momentum: 1 } }, /momentum does not exist; ppo has: learning_rate/],
    [{ max_steps: 0 }, /max_steps|>=1|small/],
    [{ seed: -1 }, />=0|small/],
  ])('with %j is 422 and says why', async (more, words) => {
    const student = await school.person('student');
    // what the contract's type forbids is just what is tried
    const body = { ...config, ...more } as typeof config;
    const refused = await refusedWith(student.training.start({ body }));
    expect(refused.summary).toBe('422 request.invalid');
    expect(refused.message).toMatch(words);
  });

  test('a hundred times at once with one key starts one, and all get the same reply', async () => {
    const student = await school.person('student');
    const all = await Promise.all(
      Array.from({ length: 100 }, () =>
        student.training.start({ body: { ...config, seed: 1 }, idempotency_key: 'k' }),
      ),
    );
    expect(new Set(all.map(({ session_id }) => session_id)).size).toBe(1);
    expect((await student.training.list({})).items).toHaveLength(1);
    const other = student.training.start({ body: { ...config, seed: 2 }, idempotency_key: 'k' });
    expect(await refusal(other)).toBe('409 idempotency.other_body');
  });

  test('beyond one’s limit is 429 with Retry-After until one has ended; the key of an earlier one still answers', async () => {
    const student = await school.person('student');
    const first = await student.training.start({ body: config, idempotency_key: 'a' });
    const second = await student.training.start({ body: config });
    for (let more = 2; more < school.settings.limits.max_waiting_trainings_per_student; more++)
      await student.training.start({ body: config });
    const refused = await refusedWith(student.training.start({ body: config }));
    expect([refused.summary, refused.retry_after_s]).toEqual(['429 training.limit', 30]);
    expect((await student.training.start({ body: config, idempotency_key: 'a' })).session_id).toBe(
      first.session_id,
    );
    await student.training.cancel({ params: second });
    expect((await student.training.start({ body: config })).status).toBe('pending');
  });

  test('for a class one is not in is 400, as for one that is not there', async () => {
    const student = await school.person('student');
    const { class_id } = await school.withClass();
    for (const id of [class_id, 'no-such-class'])
      expect(await refusal(student.training.start({ body: { ...config, class_id: id } }))).toBe(
        '400 class.unknown',
      );
  });
});

describe('watching', () => {
  test('the events of a training are read in order and in pages, from any number on', async () => {
    const student = await school.person('student');
    const { session_id } = await student.training.start({ body: config });
    let job = await running(session_id);
    for (let step = 1; step <= 8; step++)
      job = await advance(world, job, {}, [
        {
          type: 'training.evaluated',
          data: {
            step,
            mean_reward: 1,
            std_reward: 0,
            min_reward: 1,
            max_reward: 1,
            mean_ep_length: 1,
            n_episodes: 1,
            success: false,
            best: false,
          },
        },
      ]);
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await student.training.metrics({
        params: { session_id },
        query: { limit: 3, ...(cursor !== undefined && { cursor }) },
      });
      seen.push(...page.items.map(({ seq }) => seq));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const rest = await student.training.metrics({ params: { session_id }, query: { after_seq: 8 } });
    expect(rest.items.map(({ seq }) => seq)).toEqual([9, 10]);
  });

  test('a cursor of another training, another number or another person opens nothing', async () => {
    const { teacher, students, class_id } = await school.withClass({ students: 1 });
    const [student] = students;
    if (!student) throw new Error('no student');
    const [one, two] = [
      await student.training.start({ body: { ...config, class_id } }),
      await student.training.start({ body: config }),
    ];
    for (const { session_id } of [one, two]) await running(session_id);
    const { next_cursor } = await student.training.metrics({ params: one, query: { limit: 1 } });
    const cursor = next_cursor ?? '';
    const refusals = await Promise.all(
      [
        student.training.metrics({ params: two, query: { limit: 1, cursor } }),
        student.training.metrics({ params: one, query: { limit: 1, after_seq: 1, cursor } }),
        teacher.training.metrics({ params: one, query: { limit: 1, cursor } }),
        student.training.list({ query: { cursor } }),
      ].map(refusal),
    );
    expect(new Set(refusals)).toEqual(new Set(['422 request.invalid']));
    expect(
      (await student.training.metrics({ params: one, query: { limit: 5, cursor } })).items.map(
        ({ seq }) => seq,
      ),
    ).toEqual([2]);
  });

  test('another person’s training is 404 to read, to watch, to cancel and to replay', async () => {
    const [mine, other] = [await school.person('student'), await school.person('student')];
    const { session_id } = await mine.training.start({ body: config });
    const params = { session_id };
    const refusals = await Promise.all(
      [
        other.training.get({ params }),
        other.training.status({ params }),
        other.training.metrics({ params }),
        other.training.cancel({ params }),
        other.training.replay({ params }),
      ].map(refusal),
    );
    expect(new Set(refusals)).toEqual(new Set(['404 training.not_found']));
    expect(await refusal(mine.training.replay({ params }))).toMatch(/^404 /);
  });

  test('lists are newest first, filtered by status, and reach as far as the role does', async () => {
    const { teacher, students, class_id } = await school.withClass({ students: 2 });
    const [one, two] = students;
    if (!one || !two) throw new Error('no students');
    const first = await one.training.start({ body: { ...config, class_id } });
    const second = await one.training.start({ body: config });
    const third = await two.training.start({ body: { ...config, class_id } });
    await one.training.cancel({ params: first });
    const ids = async (list: ReturnType<typeof teacher.training.list>) =>
      (await list).items.map(({ session_id }) => session_id);
    expect(await ids(one.training.list({}))).toEqual([second.session_id, first.session_id]);
    expect(await ids(one.training.list({ query: { status: 'cancelled' } }))).toEqual([first.session_id]);
    expect(await ids(teacher.training.list({ query: { class_id } }))).toEqual([
      third.session_id,
      first.session_id,
    ]);
    expect(await ids(teacher.training.list({ query: { class_id, owner_id: one.user_id } }))).toEqual([
      first.session_id,
    ]);
    expect(await ids(teacher.training.list({ query: { owner_id: two.user_id } }))).toEqual([
      third.session_id,
    ]);
    expect(await ids(admin.training.list({ query: { limit: 3 } }))).toEqual(
      [third, second, first].map(({ session_id }) => session_id),
    );
    expect(await refusal(one.training.list({ query: { class_id } }))).toBe('404 class.not_found');
    expect(await refusal(one.training.list({ query: { owner_id: two.user_id } }))).toBe('404 user.not_found');
  });
});

describe('ending', () => {
  test('cancelling is a success twice, and 409 once it has ended otherwise', async () => {
    const student = await school.person('student');
    const one = await student.training.start({ body: config });
    expect((await student.training.cancel({ params: one })).status).toBe('cancelled');
    expect((await student.training.cancel({ params: one })).status).toBe('cancelled');
    const two = await student.training.start({ body: config });
    await advance(world, await running(two.session_id), { state: 'succeeded' });
    expect(await refusal(student.training.cancel({ params: two }))).toBe('409 training.ended');
    expect(await refusal(admin.training.redrive({ params: two }))).toBe('409 training.not_failed');
  });

  test('one whose worker died three times has failed with the reason; an administrator runs it once more', async () => {
    const student = await school.person('student');
    const { session_id } = await student.training.start({ body: config });
    for (let death = 0; death < 3; death++) await returnFromDeadWorker(world, await running(session_id));
    expect(await student.training.get({ params: { session_id } })).toMatchObject({
      status: 'failed',
      error_code: 'job.worker_died',
      attempt: 3,
      queue_position: null,
    });
    expect(await refusal(student.training.redrive({ params: { session_id } }))).toBe('403 auth.role');
    expect(await admin.training.redrive({ params: { session_id } })).toMatchObject({
      status: 'pending',
      error_code: null,
    });
    expect(await school.table.get(jobs, { job_id: session_id }, { consistent: true })).toMatchObject({
      state: 'queued',
      deaths: 2,
    });
  });
});
