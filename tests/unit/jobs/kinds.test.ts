import { expect, test } from 'vitest';
import { executionStatus } from '#shared/contracts/code.ts';
import { certification } from '#shared/contracts/exercises.ts';
import { regrade } from '#shared/contracts/regrades.ts';
import { submissionStatus } from '#shared/contracts/submissions.ts';
import {
  isInteractive,
  jobKinds,
  jobStates,
  outcomes,
  queueOf,
  statusOf,
} from '#shared/domain/jobs/states.ts';
import { jobs, newGrading, runningKey, waitingKey } from '#shared/jobs/job.ts';

const at = new Date('2026-11-20T09:30:00.000Z');
const execution = newGrading(
  {
    kind: 'execution',
    job_id: 'j1',
    owner_id: 'mina',
    owner_name: '김민아',
    org_id: 'school',
    class_id: null,
    language: 'python',
    expires_at: 1,
  },
  '2026-11-20T09:30:20.000Z',
  at,
);

test('each kind has a public word that its contract knows for each state', () => {
  const known = {
    execution: executionStatus,
    submission: submissionStatus,
    certification: certification.shape.status,
    regrade: regrade.shape.status,
  } as const;
  for (const [kind, schema] of Object.entries(known) as [keyof typeof known, typeof executionStatus][])
    for (const state of jobStates) {
      expect(schema.safeParse(statusOf({ kind, state })).success).toBe(true);
      for (const outcome of outcomes[kind])
        expect(statusOf({ kind, state: 'succeeded', outcome } as never)).toBe(outcome);
    }
});

test('a job that the platform gave up is never a grade: a submission goes to a person, a run is an error', () => {
  for (const state of ['failed', 'timed_out'] as const) {
    expect(statusOf({ kind: 'submission', state })).toBe('manual_review');
    expect(statusOf({ kind: 'execution', state })).toBe('error');
  }
  expect(statusOf({ kind: 'execution', state: 'interrupted' })).toBe('pending');
});

test('trainings have a queue of their own; what walks through many submissions is nobody’s to wait for', () => {
  expect(jobKinds.filter((kind) => queueOf(kind) === 'training')).toEqual(['training']);
  expect(jobKinds.filter(isInteractive)).toEqual(['execution', 'submission', 'certification']);
});

test('a grading job waits by its turn, runs by its lease, and ends in neither index', () => {
  const place = (job: typeof execution) => {
    const { gsi3pk, gsi3sk } = jobs.stored(job);
    return gsi3pk === undefined ? undefined : [gsi3pk, gsi3sk];
  };
  expect(place(execution)).toEqual([waitingKey('grading'), '2026-11-20T09:30:20.000Z#j1']);
  const running = { ...execution, state: 'running', lease_until: '2026-11-20T09:31:00.000Z' } as never;
  expect(place(running)).toEqual([runningKey('grading'), '2026-11-20T09:31:00.000Z#j1']);
  expect(place({ ...execution, state: 'succeeded' } as never)).toBeUndefined();
  expect(jobs.stored(execution)).toMatchObject({
    pk: 'job#j1',
    sk: 'job',
    gsi1pk: 'user#mina#jobs#execution',
    gsi2pk: 'org#school#jobs#execution',
  });
});
