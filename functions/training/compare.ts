import type { Caller } from '#shared/contracts/operation.ts';
import type { TrainingComparison } from '#shared/contracts/training-compare.ts';
import { type CurvePoint, thinned } from '#shared/domain/runs/curve.ts';
import { differences } from '#shared/domain/runs/differences.ts';
import { evaluationsOf, rewardsOf, spread } from '#shared/domain/runs/groups.ts';
import type { TrainingJob } from '#shared/jobs/job.ts';
import { curves, type EvaluationRecord, evaluations, recordsKey } from '#shared/jobs/training-records.ts';
import { viewSessions } from '#shared/jobs/training-view.ts';
import { readTraining } from './read.ts';
import type { TrainingWorld } from './world.ts';

/** Points of a curve that a picture of twenty shows, and of a group's. */
const pointsOfCurve = 150;
const pointsOfGroup = 100;
const newestEvaluations = 200;

interface Run {
  readonly job: TrainingJob;
  readonly evaluations: readonly EvaluationRecord[];
  readonly curve: readonly CurvePoint[];
}

/** Trainings that the caller may see, side by side. */
export async function compareTrainings(
  world: TrainingWorld,
  caller: Caller,
  ids: readonly string[],
): Promise<TrainingComparison> {
  const jobs = await Promise.all([...new Set(ids)].map((id) => readTraining(world, caller, id)));
  const [sessions, found] = await Promise.all([viewSessions(world, jobs), runsOf(world, jobs)]);
  const runs = sessions.map((session, index) => ({
    session,
    evaluations: (found[index]?.evaluations ?? []).map(({ job_id: _job, ...one }) => one),
    curve: (found[index]?.curve ?? []).map((point) => ({ ...point })),
  }));
  return { runs, differences: differing(jobs), groups: groupsOf(found) };
}

async function runsOf({ table }: TrainingWorld, jobs: readonly TrainingJob[]): Promise<Run[]> {
  const [known, lists] = await Promise.all([
    table.getMany(curves, jobs),
    Promise.all(
      jobs.map((job) =>
        table.query(evaluations, {
          pk: recordsKey(job),
          prefix: 'evaluation#',
          backwards: true,
          limit: newestEvaluations,
        }),
      ),
    ),
  ]);
  return jobs.map((job, index) => ({
    job,
    evaluations: (lists[index]?.items ?? []).toReversed(),
    curve: thinned(known[index]?.points ?? [], pointsOfCurve),
  }));
}

const differing = (jobs: readonly TrainingJob[]): TrainingComparison['differences'] =>
  differences(
    jobs.map(({ config: { seed: _seed, name: _name, class_id: _class, ...compared } }) => compared),
  ).map(({ field, values }) => ({ field, values: [...values] }));

function groupsOf(runs: readonly Run[]): TrainingComparison['groups'] {
  const byHash = Map.groupBy(runs, ({ job }) => job.config_hash);
  return [...byHash].map(([config_hash, members]) => {
    const of = (value: (job: TrainingJob) => number | null) =>
      spread(members.map(({ job }) => value(job)).filter((reward) => reward !== null));
    return {
      config_hash,
      session_ids: members.map(({ job }) => job.job_id),
      best: of((job) => job.best_mean_reward),
      final: of((job) => job.final_mean_reward),
      evaluations: evaluationsOf(members),
      rewards: rewardsOf(members, pointsOfGroup),
    };
  });
}
