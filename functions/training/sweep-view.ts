import type { Sweep, SweepRun, SweepState, SweepTrial } from '#shared/contracts/training-sweeps.ts';
import { isFinal, trainingStatusOf } from '#shared/domain/jobs/states.ts';
import { spread } from '#shared/domain/runs/groups.ts';
import { queued, type TrainingJob } from '#shared/jobs/job.ts';
import type { SweepRecord } from '#shared/table/sweep.ts';
import type { TrainingWorld } from './world.ts';

const idsOf = ({ trials }: SweepRecord) =>
  trials.flatMap(({ session_ids }) => session_ids.map((job_id) => ({ job_id })));

export async function runsOf({ table }: TrainingWorld, record: SweepRecord): Promise<TrainingJob[]> {
  return (await table.getMany(queued.training, idsOf(record))).filter((job) => job !== undefined);
}

/** A sweep with its trials and their runs, as they stand. */
export async function viewSweep(world: TrainingWorld, record: SweepRecord): Promise<Sweep> {
  const runs = await runsOf(world, record);
  const byId = new Map(runs.map((run) => [run.job_id, run]));
  const trials = record.trials.map((trial) => trialOf(trial, byId));
  return {
    ...stateOf(record, runs),
    trials,
    best_trial: bestOf(trials.map(({ reward }) => reward?.mean ?? null)),
  };
}

/** How each of them stands, from one look at all of their runs. */
export async function viewSweeps(
  { table }: TrainingWorld,
  records: readonly SweepRecord[],
): Promise<SweepState[]> {
  const runs = await table.getMany(queued.training, records.flatMap(idsOf));
  const byId = new Map(runs.map((run) => [run?.job_id, run]));
  return records.map((record) => {
    const own = idsOf(record).map(({ job_id }) => byId.get(job_id));
    return stateOf(
      record,
      own.filter((run) => run !== undefined),
    );
  });
}

function stateOf(record: SweepRecord, runs: readonly TrainingJob[]): SweepState {
  const { sweep_id, name, method, owner_id, created_at, cancelled_at } = record;
  const ended = runs.filter(({ state }) => isFinal(state)).length;
  const sum = (value: (run: TrainingJob) => number) => runs.reduce((total, run) => total + value(run), 0);
  const [first] = runs;
  return {
    sweep_id,
    name,
    environment: first?.config.environment ?? null,
    algorithm: first?.config.algorithm ?? null,
    method,
    owner_id,
    created_at,
    status: cancelled_at !== null ? 'cancelled' : ended === runs.length ? 'completed' : 'running',
    progress: {
      ended,
      failed: runs.filter(({ state }) => state === 'failed' || state === 'timed_out').length,
      total: runs.length,
      step: sum(({ progress }) => progress.step),
      max_steps: sum(({ config }) => config.max_steps),
    },
  };
}

function trialOf(
  { hyperparameters, config_hash, session_ids }: SweepRecord['trials'][number],
  byId: ReadonlyMap<string, TrainingJob>,
): SweepTrial {
  const jobs = session_ids.map((id) => byId.get(id)).filter((job) => job !== undefined);
  const rewards = jobs.map(({ best_mean_reward }) => best_mean_reward);
  return {
    hyperparameters,
    config_hash,
    session_ids,
    runs: jobs.map(runOf),
    reward: spread(rewards.filter((reward) => reward !== null)),
  };
}

const runOf = (job: TrainingJob): SweepRun => ({
  session_id: job.job_id,
  seed: job.config.seed,
  status: trainingStatusOf(job.state),
  step: job.progress.step,
  best_mean_reward: job.best_mean_reward,
  final_mean_reward: job.final_mean_reward,
  last_seq: job.event_seq,
});

function bestOf(means: readonly (number | null)[]): number | null {
  const best = Math.max(...means.filter((mean) => mean !== null));
  const index = means.indexOf(best);
  return index === -1 ? null : index;
}
