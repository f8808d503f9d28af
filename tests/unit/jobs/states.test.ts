import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trainingStatus } from '#shared/contracts/training.ts';
import {
  isFinal,
  isWaiting,
  type JobState,
  jobStates,
  mayBecome,
  trainingStatusOf,
} from '#shared/domain/jobs/states.ts';

/** The machine as the design draws it; a redrive is `failed | timed_out → queued`. */
const drawn: Readonly<Record<JobState, readonly JobState[]>> = {
  queued: ['running', 'paused', 'cancelled', 'failed'],
  running: ['succeeded', 'failed', 'timed_out', 'cancelled', 'interrupted', 'paused'],
  interrupted: ['running', 'paused', 'cancelled', 'failed'],
  paused: ['queued', 'cancelled'],
  succeeded: [],
  failed: ['queued'],
  timed_out: ['queued'],
  cancelled: [],
};

test.each(jobStates)('from %s a job goes where the design says and nowhere else', (from) => {
  expect(jobStates.filter((to) => mayBecome(from, to)).sort()).toEqual([...drawn[from]].sort());
});

test('a state is waiting, running, paused or final, and only one of them', () => {
  for (const state of jobStates)
    expect(
      [isWaiting(state), state === 'running', state === 'paused', isFinal(state)].filter(Boolean),
    ).toHaveLength(1);
});

test('any walk through the machine that ends for good ends in success or cancellation', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5), { maxLength: 30 }), (choices) => {
      let state: JobState = 'queued';
      for (const choice of choices) {
        const options: readonly JobState[] = jobStates.filter((to) => mayBecome(state, to));
        const next = options[choice % Math.max(1, options.length)];
        if (next === undefined) expect(['succeeded', 'cancelled']).toContain(state);
        else state = next;
      }
    }),
    { seed: 10, numRuns: 200 },
  );
});

test('every state has a public word that the contract knows, and failing and timing out are one word', () => {
  for (const state of jobStates) expect(trainingStatus.safeParse(trainingStatusOf(state)).success).toBe(true);
  expect([trainingStatusOf('failed'), trainingStatusOf('timed_out')]).toEqual(['failed', 'failed']);
  expect([trainingStatusOf('queued'), trainingStatusOf('succeeded')]).toEqual(['pending', 'completed']);
});
