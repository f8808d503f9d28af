import * as z from 'zod';
import { calibrationProgress } from '../contracts/calibration-progress.ts';
import { language } from '../contracts/grading-shapes.ts';
import { policySource, verifiedResult } from '../contracts/policy-shapes.ts';
import type { RecordedConfig } from '../contracts/training-config.ts';
import { trainingWarning } from '../contracts/training-warning.ts';
import { jobStates, outcomes } from '../domain/jobs/states.ts';

/** What every job has, whatever it is about. */
const core = z.object({
  job_id: z.string(),
  owner_id: z.string(),
  owner_name: z.string(),
  org_id: z.string(),
  class_id: z.string().nullable(),
  state: z.enum(jobStates),
  /** Raised by every claim; a worker writes only while it is its own. */
  attempt: z.int(),
  /** Workers that died in a row without getting any further. */
  deaths: z.int(),
  worker: z.string().nullable(),
  lease_until: z.string().nullable(),
  /** Number of the newest event. */
  event_seq: z.int(),
  error_code: z.string().nullable(),
  error_detail: z.string().nullable(),
  created_at: z.string(),
  queued_at: z.string(),
  started_at: z.string().nullable(),
  ended_at: z.string().nullable(),
  version: z.int(),
});
export type JobCore = z.output<typeof core>;

/**
 * It was resolved before it was stored, and is again by who trains and in every reply: the schema of all
 * hyperparameters would be a part of every function that knows jobs.
 */
const storedConfig = z.custom<RecordedConfig>(
  (value) => typeof value === 'object' && value !== null && 'algorithm' in value && 'seed' in value,
);

/** What a job has that gets a task of its own. */
const launched = {
  /** Raised before every RunTask; part of its client token. */
  launch: z.int(),
  launched_at: z.string().nullable(),
};

const training = z.object({
  ...core.shape,
  ...launched,
  kind: z.literal('training'),
  config: storedConfig,
  progress: z.object({ step: z.int(), fps: z.number().nullable() }),
  evaluated_step: z.int(),
  checkpoint_step: z.int(),
  best_mean_reward: z.number().nullable(),
  final_mean_reward: z.number().nullable(),
  weights_hash: z.string().nullable(),
  /** Its owner wants it to stop: the worker that has it saves where it is. */
  pause_requested: z.boolean().default(false),
  /** Its place in the queue: when it came, and later for who already has trainings there. */
  turn_at: z.string().optional(),
  /** The same for trainings that differ in nothing but seed and name. */
  config_hash: z.string().default(''),
  /** What was warned of, each once. */
  warnings: z.array(trainingWarning).default([]),
  /** The sweep that it is a run of. */
  sweep_id: z.string().nullable().default(null),
  /** Iterations whose metrics are in files, up to the checkpoint, and the attempt that wrote the newest of them. */
  metrics_points: z.int().default(0),
  metrics_attempt: z.int().default(0),
  /** For how long it has had a machine. */
  ran_s: z.number().default(0),
});

/** What every job of the grading queue has. */
const grading = {
  ...core.shape,
  /** Its place in the queue: when it came, and later for who already has jobs there. */
  fair_at: z.string(),
};

/** A scratch run. Input and result are items of their own beside the job. */
const execution = z.object({
  ...grading,
  kind: z.literal('execution'),
  language,
  outcome: z.enum(outcomes.execution).nullable(),
  expires_at: z.int(),
});

/** Grading a submission; `job_id` is the submission's. */
const submission = z.object({
  ...grading,
  kind: z.literal('submission'),
  exercise_id: z.string(),
  exercise_version: z.int(),
  assignment_id: z.string().nullable(),
  outcome: z.enum(outcomes.submission).nullable(),
});

/** Running the solution and the starter of an exercise's version against its tests. */
const certification = z.object({
  ...grading,
  kind: z.literal('certification'),
  exercise_id: z.string(),
  exercise_version: z.int(),
  outcome: z.enum(outcomes.certification).nullable(),
});

const progress = z.object({ done: z.int(), total: z.int() });

/** Grading many submissions again: the preview of a regrade, or its application. */
const regrade = z.object({
  ...grading,
  kind: z.literal('regrade'),
  regrade_id: z.string(),
  exercise_id: z.string(),
  assignment_id: z.string().nullable(),
  progress,
  outcome: z.enum(outcomes.regrade).nullable(),
});

/** Comparing the submissions of an assignment with one another. */
const similarity = z.object({
  ...grading,
  kind: z.literal('similarity'),
  assignment_id: z.string(),
  progress,
  outcome: z.enum(outcomes.similarity).nullable(),
});

/** Playing a policy on hidden seeds, for a board. */
const verification = z.object({
  ...core.shape,
  kind: z.literal('verification'),
  environment: z.string(),
  /** Canonical JSON. */
  env_kwargs: z.string(),
  source: policySource,
  source_id: z.string(),
  result: verifiedResult.nullable(),
  outcome: z.enum(outcomes.verification).nullable(),
});

/** Estimating the parameters of a bank's items; `job_id` is the calibration's. */
const calibration = z.object({
  ...core.shape,
  ...launched,
  kind: z.literal('calibration'),
  bank_id: z.string(),
  progress: calibrationProgress,
});

const gradings = [execution, submission, certification, regrade, similarity] as const;
export const schemas = {
  any: z.discriminatedUnion('kind', [training, verification, calibration, ...gradings]),
  training,
  verification,
  calibration,
  grading: z.discriminatedUnion('kind', gradings),
} as const;

export type Job = z.output<typeof schemas.any>;
export type JobOf<K extends Job['kind']> = Extract<Job, { kind: K }>;
export type TrainingJob = z.output<typeof training>;
export type VerificationJob = z.output<typeof verification>;
export type CalibrationJob = z.output<typeof calibration>;
export type GradingJob = z.output<typeof schemas.grading>;
