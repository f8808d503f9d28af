/** Where the complete metrics of a training are: segments of so many iterations, as lines of JSON. */
export const linesPerSegment = 500;

type JobId = { readonly job_id: string };

const folder = ({ job_id }: JobId): string => `training/${job_id}/metrics`;

export const segmentKey = (job: JobId, index: number): string =>
  `${folder(job)}/${String(index).padStart(6, '0')}.jsonl`;
/** The lines after the last full segment, as the attempt knew them when it saved; the mark may not have got there. */
export const tailKey = (job: JobId, index: number, attempt: number): string =>
  `${folder(job)}/${String(index).padStart(6, '0')}-begun-${attempt}.jsonl`;

/** The checkpoint of a step that is kept for itself; below a prefix that the bucket forgets by age. */
export const keptCheckpointKey = ({ job_id }: JobId, step: number): string =>
  `checkpoints/${job_id}/${step}.safetensors`;

/** The objects that hold the series up to the mark, in order. */
export function seriesKeys(
  job: JobId & { readonly metrics_points: number; readonly metrics_attempt: number },
): string[] {
  const full = Math.floor(job.metrics_points / linesPerSegment);
  const segments = Array.from({ length: full }, (_, index) => segmentKey(job, index));
  return job.metrics_points % linesPerSegment === 0
    ? segments
    : [...segments, tailKey(job, full, job.metrics_attempt)];
}
