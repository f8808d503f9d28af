/** What a training's owner and teachers do with it: pause, resume, clone, find it again. */
import { describe, expect, test } from 'vitest';
import { advance, type JobWorld } from '#shared/jobs/advance.ts';
import { returnFromDeadWorker } from '#shared/jobs/dead-workers.ts';
import { claim, interrupt, waitingJobs } from '#shared/jobs/lifecycle.ts';
import { refusal, refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { jobsOf } from '#tests/support/trainer.ts';

const school = await aSchool();
const world: JobWorld = { table: school.table, now: () => new Date(), events_days: 30 };
const { read, eventsOf } = jobsOf(world);
const config = { algorithm: 'ppo', environment: 'CartPole-v1' } as const;

const running = async (session_id: string) => {
  const job = await claim(world, await read(session_id), 'w');
  if (!job) throw new Error('not claimed');
  return job;
};
const statuses = async (session_id: string) =>
  (await eventsOf(session_id)).map(({ data }) => data['status']).filter((status) => status !== undefined);
const waits = async (session_id: string) =>
  (await waitingJobs(world, 'training', 100)).some(({ job_id }) => job_id === session_id);

describe('pausing', () => {
  test('what waits is at once, and out of the queue; resumed it waits again', async () => {
    const student = await school.person('student');
    const params = await student.training.start({ body: config });
    expect(await student.training.pause({ params })).toMatchObject({
      status: 'paused',
      queue_position: null,
    });
    expect(await student.training.pause({ params })).toMatchObject({ status: 'paused' });
    expect(await waits(params.session_id)).toBe(false);
    expect(await claim(world, await read(params.session_id), 'w')).toBeUndefined();
    const resumed = await student.training.resume({ params });
    expect(resumed.status).toBe('pending');
    expect(resumed.queue_position).toBeGreaterThanOrEqual(1);
    expect(await student.training.resume({ params })).toMatchObject({ status: 'pending' });
    expect(await statuses(params.session_id)).toEqual(['pending', 'paused', 'pending']);
  });

  test('what runs is asked for, and done when its worker stops; the worker’s death comes to the same', async () => {
    const student = await school.person('student');
    for (const stop of [interrupt, returnFromDeadWorker]) {
      const params = await student.training.start({ body: config });
      await running(params.session_id);
      expect(await student.training.pause({ params })).toMatchObject({
        status: 'running',
        pause_requested: true,
      });
      await stop(world, await read(params.session_id));
      expect(await student.training.get({ params })).toMatchObject({
        status: 'paused',
        pause_requested: false,
      });
      expect(await waits(params.session_id)).toBe(false);
    }
  });

  test('is taken back by resuming before the worker has stopped', async () => {
    const student = await school.person('student');
    const params = await student.training.start({ body: config });
    await running(params.session_id);
    await student.training.pause({ params });
    expect(await student.training.resume({ params })).toMatchObject({
      status: 'running',
      pause_requested: false,
    });
    await interrupt(world, await read(params.session_id));
    expect(await waits(params.session_id)).toBe(true);
  });

  test('and resuming are 409 once it has ended; cancelling works on what is paused', async () => {
    const student = await school.person('student');
    const ended = await student.training.start({ body: config });
    await advance(world, await running(ended.session_id), { state: 'succeeded' });
    const paused = await student.training.start({ body: config });
    await student.training.pause({ params: paused });
    expect(await student.training.cancel({ params: paused })).toMatchObject({ status: 'cancelled' });
    for (const params of [ended, paused]) {
      expect(await refusal(student.training.pause({ params }))).toBe('409 training.ended');
      expect(await refusal(student.training.resume({ params }))).toBe('409 training.ended');
    }
  });

  test('and resuming by many at once end in one state, and tell each change once', async () => {
    const student = await school.person('student');
    const params = await student.training.start({ body: config });
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0 ? student.training.pause({ params }) : student.training.resume({ params }),
      ),
    );
    expect(new Set(all.map(({ status }) => status)).size).toBeLessThanOrEqual(2);
    const told = await statuses(params.session_id);
    for (const [at, status] of told.entries()) expect(status).toBe(at % 2 === 0 ? 'pending' : 'paused');
    expect((await read(params.session_id)).event_seq).toBe(told.length);
  });

  test('frees a place under one’s limit, which resuming needs again', async () => {
    const student = await school.person('student');
    const most = school.settings.limits.max_waiting_trainings_per_student;
    const first = await student.training.start({ body: config });
    for (let more = 1; more < most; more++) await student.training.start({ body: config });
    expect(await refusal(student.training.start({ body: config }))).toBe('429 training.limit');
    await student.training.pause({ params: first });
    const last = await student.training.start({ body: config });
    const refused = await refusedWith(student.training.resume({ params: first }));
    expect([refused.summary, refused.retry_after_s]).toEqual(['429 training.limit', 30]);
    await student.training.cancel({ params: last });
    expect(await student.training.resume({ params: first })).toMatchObject({ status: 'pending' });
  });

  test('is for the owner and the class’s teacher; an assistant only watches', async () => {
    const { teacher, students, class_id } = await school.withClass({ students: 2 });
    const [student, classmate] = students;
    if (!student || !classmate) throw new Error('no students');
    const assistant = await school.person('assistant');
    await teacher.school.putStaff({
      params: { class_id, user_id: assistant.user_id },
      body: { role: 'assistant' },
    });
    const params = await student.training.start({ body: { ...config, class_id } });
    expect(await refusal(classmate.training.pause({ params }))).toBe('404 training.not_found');
    expect(await refusal(assistant.training.pause({ params }))).toBe('403 training.not_own');
    expect(await teacher.training.pause({ params })).toMatchObject({ status: 'paused' });
    expect(await refusal(assistant.training.resume({ params }))).toBe('403 training.not_own');
    expect(await student.training.resume({ params })).toMatchObject({ status: 'pending' });
  });
});

describe('cloning', () => {
  test('starts one’s own with the same settings, another seed and what is given', async () => {
    const student = await school.person('student');
    const body = { ...config, name: 'first', seed: 7, hyperparameters: { gamma: 0.9 }, max_steps: 4096 };
    const first = await student.training.start({ body });
    const again = await student.training.clone({ params: first, body: { seed: 8, name: 'second' } });
    expect(again.config).toEqual({ ...first.config, seed: 8, name: 'second' });
    expect(again.config_hash).toBe(first.config_hash);
    const longer = await student.training.clone({ params: first, body: { total_timesteps: 8192 } });
    expect(longer.config).toMatchObject({ name: 'first', max_steps: 8192, hyperparameters: { gamma: 0.9 } });
    expect(longer.config_hash).not.toBe(first.config_hash);
    const drawn = await student.training.clone({ params: first, body: {} });
    expect(drawn.config.seed).not.toBe(7);
  });

  test('with one key is one, and with another body a conflict', async () => {
    const student = await school.person('student');
    const params = await student.training.start({ body: config });
    const clone = (seed: number) =>
      student.training.clone({ params, body: { seed }, idempotency_key: 'again' });
    const all = await Promise.all(Array.from({ length: 20 }, () => clone(1)));
    expect(new Set(all.map(({ session_id }) => session_id)).size).toBe(1);
    expect(await refusal(clone(2))).toBe('409 idempotency.other_body');
  });

  test('of a student’s by their teacher is the teacher’s, for the same class unless they say otherwise', async () => {
    const { teacher, students, class_id } = await school.withClass({ students: 1 });
    const [student] = students;
    if (!student) throw new Error('no student');
    const params = await student.training.start({ body: { ...config, class_id } });
    const theirs = await teacher.training.clone({ params, body: {} });
    expect([theirs.owner_id, theirs.config.class_id]).toEqual([teacher.user_id, class_id]);
    const alone = await teacher.training.clone({ params, body: { class_id: null } });
    expect(alone.config.class_id).toBeUndefined();
    const other = await school.person('student');
    expect(await refusal(other.training.clone({ params, body: {} }))).toBe('404 training.not_found');
    expect(await refusal(student.training.clone({ params, body: { seed: -1 } }))).toBe('422 request.invalid');
  });
});

test('lists are filtered by environment, algorithm and group', async () => {
  const student = await school.person('student');
  const one = await student.training.start({ body: { ...config, seed: 1 } });
  const two = await student.training.clone({ params: one, body: { seed: 2 } });
  const lake = await student.training.start({ body: { algorithm: 'ppo', environment: 'FrozenLake-v1' } });
  const ids = async (query: object) =>
    (await student.training.list({ query })).items.map(({ session_id }) => session_id);
  expect(await ids({ environment: 'FrozenLake-v1' })).toEqual([lake.session_id]);
  expect(await ids({ group: one.config_hash })).toEqual([two.session_id, one.session_id]);
  expect(await ids({ algorithm: 'sac' })).toEqual([]);
  expect(await ids({ algorithm: 'ppo', environment: 'CartPole-v1' })).toEqual([
    two.session_id,
    one.session_id,
  ]);
});
