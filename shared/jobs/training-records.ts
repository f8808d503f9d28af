import * as z from 'zod';
import { trainingEvaluated } from '../contracts/training-shapes.ts';
import { entity } from '../table/entity.ts';

const ofJob = ({ job_id }: { job_id: string }): string => `job#${job_id}`;
const atStep = (step: number): string => String(step).padStart(12, '0');

/** The partition of what belongs to a training. */
export const recordsKey = ofJob;

/**
 * An evaluation of a training.
 *
 * Access pattern: of a training, by step: `job#<id>` / `evaluation#<step>`
 */
export const evaluations = entity({
  type: 'training_evaluation',
  schema: z.object({ ...trainingEvaluated.shape, job_id: z.string(), at: z.string() }),
  key: ({ job_id, step }: { job_id: string; step: number }) => ({
    pk: ofJob({ job_id }),
    sk: `evaluation#${atStep(step)}`,
  }),
});
export type EvaluationRecord = z.output<typeof evaluations.schema>;

/** Why a checkpoint was kept: its step was due by `save_frequency`, or its evaluation was the best so far. */
export const checkpointReasons = ['saved', 'best'] as const;

/**
 * A checkpoint that is kept for itself, for as long as the school keeps them.
 *
 * Access pattern: of a training, by step: `job#<id>` / `checkpoint#<step>`
 */
export const checkpoints = entity({
  type: 'training_checkpoint',
  schema: z.object({
    job_id: z.string(),
    step: z.int(),
    reasons: z.array(z.enum(checkpointReasons)),
    size_bytes: z.int(),
    mean_reward: z.number().nullable(),
    at: z.string(),
    expires_at: z.int(),
  }),
  key: ({ job_id, step }: { job_id: string; step: number }) => ({
    pk: ofJob({ job_id }),
    sk: `checkpoint#${atStep(step)}`,
  }),
});
export type CheckpointRecord = z.output<typeof checkpoints.schema>;

const point = z.record(z.string(), z.number().nullable());

/**
 * The curves of a training up to its checkpoint, thinned to what a picture shows.
 *
 * Access pattern: of a training: `job#<id>` / `curve`
 */
export const curves = entity({
  type: 'training_curve',
  schema: z.object({ job_id: z.string(), points: z.array(point) }),
  key: ({ job_id }: { job_id: string }) => ({ pk: ofJob({ job_id }), sk: 'curve' }),
});
