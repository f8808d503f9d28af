import type { Caller } from '#shared/contracts/operation.ts';
import type { TrainingFile } from '#shared/contracts/training.ts';
import { csvOf, sideBySide } from '#shared/domain/runs/csv.ts';
import type { CurvePoint } from '#shared/domain/runs/curve.ts';
import { DomainError } from '#shared/errors.ts';
import type { TrainingJob } from '#shared/jobs/job.ts';
import { linesPerSegment, seriesKeys } from '#shared/jobs/training-series.ts';
import { byUrl, type FileName, inReply } from './files.ts';
import { readTraining } from './read.ts';
import type { TrainingWorld } from './world.ts';

/** Of half a KB each. */
const pointsOfReply = 5_000;
/** What one call joins within its memory and its time. */
const mostPoints = 40_000;
const atOnce = 8;

const types = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl' } as const;
type Format = keyof typeof types;

export async function exportMetrics(world: TrainingWorld, caller: Caller, job_id: string, format: Format) {
  const job = await readTraining(world, caller, job_id);
  if (format === 'jsonl' && job.metrics_points > pointsOfReply) return inParts(world, job);
  refuseTooMany([job]);
  const lines = await linesOf(world, job);
  const text = format === 'csv' ? csvOf(lines.map(parsed)) : lines.map((line) => `${line}\n`).join('');
  return file(nameOf(job), format, text);
}

/** Each training under its name, or its id where it has none or one like another's. */
export async function exportTable(
  world: TrainingWorld,
  caller: Caller,
  { ids, metrics }: { readonly ids: readonly string[]; readonly metrics: readonly string[] },
) {
  const unique = [...new Set(ids)];
  const jobs = await Promise.all(unique.map((id) => readTraining(world, caller, id)));
  refuseTooMany(jobs);
  const names = jobs.map(({ config }) => config.name);
  const runs = [];
  for (const [index, job] of jobs.entries()) {
    const name = names[index];
    const isAlone = name !== undefined && names.filter((other) => other === name).length === 1;
    const points = (await linesOf(world, job)).map(parsed);
    runs.push({ name: isAlone ? name : job.job_id, points });
  }
  const mark = jobs.map(({ job_id, metrics_points }) => `${job_id.slice(-6)}-${metrics_points}`).join('_');
  return file(`trainings-${mark}`.slice(0, 120), 'csv', sideBySide(runs, metrics));
}

function refuseTooMany(jobs: readonly TrainingJob[]): void {
  const points = jobs.reduce((sum, { metrics_points }) => sum + metrics_points, 0);
  if (points > mostPoints)
    throw new DomainError(
      'too_large',
      'training.too_many_points',
      `One file holds ${mostPoints} iterations, and these are ${points}.`,
    );
}

async function linesOf(world: TrainingWorld, job: TrainingJob): Promise<string[]> {
  const keys = seriesKeys(job);
  const lines: string[] = [];
  for (let from = 0; from < keys.length; from += atOnce) {
    const texts = await Promise.all(keys.slice(from, from + atOnce).map((key) => textOf(world, key)));
    for (const text of texts) lines.push(...text.split('\n').filter((line) => line !== ''));
  }
  // the newest object may reach further than the checkpoint that counts
  const last = job.metrics_points % linesPerSegment;
  return last === 0 ? lines : lines.slice(0, job.metrics_points);
}

const textOf = async ({ objects }: TrainingWorld, key: string): Promise<string> =>
  new TextDecoder().decode(await objects.get(key));

// the trainer wrote it: numbers and nulls by name
const parsed = (line: string): CurvePoint => JSON.parse(line) as CurvePoint;

function file(name: string, format: Format, text: string): TrainingFile {
  const file = inReply(named(name, format), Buffer.from(text));
  if (file) return file;
  throw new DomainError(
    'too_large',
    'training.file_too_large',
    'This table is too large for one reply; get each training as jsonl.',
  );
}

const named = (name: string, format: Format): FileName => ({
  file_name: `${name}.${format}`,
  media_type: types[format],
});

/** The segments as they are stored: one after the other they are the file. */
const inParts = (world: TrainingWorld, job: TrainingJob): Promise<TrainingFile> =>
  byUrl(world, named(nameOf(job), 'jsonl'), seriesKeys(job));

const nameOf = ({ job_id, metrics_points }: TrainingJob): string => `${job_id}-${metrics_points}`;
