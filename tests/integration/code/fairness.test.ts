import '#tests/support/quiet.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { claimNext } from '#functions/tasks/grader/claim.ts';
import { uuidv7 } from '#shared/ids.ts';
import { advance, newJobWrites } from '#shared/jobs/advance.ts';
import { type GradingJob, newGrading } from '#shared/jobs/job.ts';
import { cancel, runningJobs, waitingJobs } from '#shared/jobs/lifecycle.ts';
import { inTurn } from '#shared/jobs/turn.ts';
import { aSchool, type Person } from '#tests/support/school.ts';

const school = await aSchool();
const { table } = school;
const [greedy, modest, third] = [
  await school.person('student'),
  await school.person('student'),
  await school.person('student'),
];
const limits = { max_runs_per_student: 100, runs_per_minute: 100 };

/** Seconds after the start of a test, which has a day to itself: what somebody was given before is long ago. */
let day = 0;
let now = new Date();
const world = { table, now: () => now, events_days: 30 };
const clock = (s: number): void => {
  now = new Date(Date.UTC(2026, 10, day, 9, 0, s));
};

beforeEach(async () => {
  day += 1;
  clock(0);
  const left = [...(await waitingJobs(world, 'grading', 1_000)), ...(await runningJobs(world, 'grading'))];
  for (const { job_id } of left) await cancel(world, job_id);
  day += 1;
  clock(0);
});

async function starts(owner: Person): Promise<string> {
  const job_id = uuidv7();
  const given = { kind: 'execution', job_id, owner_id: owner.user_id, owner_name: owner.name } as const;
  const of = { org_id: owner.org_id, class_id: null, language: 'python', expires_at: 4_000_000_000 } as const;
  await inTurn(world, owner.user_id, limits, ({ fair_at, write }) =>
    table.write(...newJobWrites(world, newGrading({ ...given, ...of }, fair_at, now)), write),
  );
  return job_id;
}
const take = async (): Promise<GradingJob> => {
  const job = await claimNext(world, 'grader');
  if (!job) throw new Error('nothing waits');
  return job;
};
const end = (job: GradingJob) =>
  advance(world, job, {
    state: 'succeeded',
    worker: null,
    lease_until: null,
    ended_at: now.toISOString(),
  });

describe('a grader with one slot', () => {
  test('lets nobody wait for a second long run of one student', async () => {
    const long = [await starts(greedy), await starts(greedy), await starts(greedy)];
    const first = await take();
    clock(15);
    // behind the others of the greedy one by the time at which they came
    const short = await starts(modest);
    clock(16);
    const other = await starts(third);
    clock(20);
    await end(first);
    const order: string[] = [first.job_id];
    for (let s = 21; s <= 23; s++) {
      const job = await take();
      order.push(job.job_id);
      clock(s);
      if (job.owner_id !== greedy.user_id) await end(job);
    }
    expect(order).toEqual([long[0], short, other, long[1]]);
  });

  test('comes back to who had the slot: newcomers do not pass them for ever', async () => {
    await starts(greedy);
    const second = await starts(greedy);
    const first = await take();
    clock(1);
    const before = await starts(modest);
    clock(20);
    await end(first);
    clock(21);
    const later = await starts(third);
    const order: string[] = [];
    for (let n = 0; n < 3; n++) {
      const job = await take();
      order.push(job.job_id);
      await end(job);
    }
    expect(order).toEqual([before, second, later]);
  });

  test('goes on with the same student when nobody else waits', async () => {
    const mine = [await starts(greedy), await starts(greedy)];
    const first = await take();
    clock(20);
    await end(first);
    expect([first.job_id, (await take()).job_id]).toEqual(mine);
  });
});

describe('a grader with two slots', () => {
  test('gives the second to another before somebody has both, and both where nobody else waits', async () => {
    const long = [await starts(greedy), await starts(greedy), await starts(greedy)];
    const first = await take();
    clock(15);
    const short = await starts(modest);
    const second = await take();
    const alone = await take();
    expect([first.job_id, second.job_id, alone.job_id]).toEqual([long[0], short, long[1]]);
  });
});
