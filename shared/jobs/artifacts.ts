/** Where a training's files are in the artifacts bucket. */
const folder = (job: { readonly job_id: string }): string => `training/${job.job_id}`;

/** The newest checkpoint; trainings are deterministic, so whichever attempt wrote it, it is on the way. */
export const checkpointKey = (job: { readonly job_id: string }): string => `${folder(job)}/checkpoint`;
/** The best episode of the best evaluation. */
export const replayKey = (job: { readonly job_id: string }): string => `${folder(job)}/replay.json`;
/** Episodes that a policy played for a board. */
export const episodesKey = (job: { readonly job_id: string }): string => `${folder(job)}/episodes.json`;
/** A policy that somebody uploaded. */
export const uploadKey = ({ upload_id }: { readonly upload_id: string }): string =>
  `training/uploads/${upload_id}`;
/** The policy at its best evaluation. */
export const weightsKey = (job: { readonly job_id: string }): string => `${folder(job)}/policy.safetensors`;
/** What a calibration found, as the attempt wrote it: one that was taken for dead cannot write over its successor's. */
export const calibrationReportKey = (calibration_id: string, attempt: number): string =>
  `calibrations/${calibration_id}/${attempt}.json`;
