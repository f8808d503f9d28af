import type { RecordedConfig, TrainingState } from '../contracts/training.ts';
import { isWaiting, trainingStatusOf } from '../domain/jobs/states.ts';
import type { JobWorld } from './advance.ts';
import type { TrainingJob } from './job.ts';
import { runningJobs, waitingJobs } from './lifecycle.ts';
import { inTurn } from './training-turns.ts';

type Tables = Pick<JobWorld, 'table'>;

/** How far the queue is looked through; beyond it the position is "100 or more" and shown as that. */
const queueDepth = 100;

async function queuePositions(world: Tables, jobs: readonly TrainingJob[]): Promise<Map<string, number>> {
  if (!jobs.some(({ state }) => isWaiting(state))) return new Map();
  const [waiting, running] = await Promise.all([
    waitingJobs(world, 'training', queueDepth),
    runningJobs(world, 'training'),
  ]);
  return new Map(inTurn(waiting, running).map(({ job }, index) => [job.job_id, index + 1]));
}

const stateOf = (job: TrainingJob, positions: ReadonlyMap<string, number>): TrainingState => {
  const { step, fps } = job.progress;
  const { max_steps } = job.config;
  const left_s = fps !== null && fps > 0 ? Math.max(0, max_steps - step) / fps : null;
  return {
    session_id: job.job_id,
    status: trainingStatusOf(job.state),
    pause_requested: job.pause_requested,
    sweep_id: job.sweep_id,
    progress: { step, max_steps, fps, eta_s: job.state === 'running' ? left_s : null },
    queue_position: isWaiting(job.state) ? (positions.get(job.job_id) ?? positions.size + 1) : null,
    attempt: job.attempt,
    last_seq: job.event_seq,
    best_mean_reward: job.best_mean_reward,
    final_mean_reward: job.final_mean_reward,
    created_at: job.created_at,
    started_at: job.started_at,
    ended_at: job.ended_at,
    owner_id: job.owner_id,
    owner_name: job.owner_name,
    error_code: job.error_code,
    error_detail: job.error_detail,
    warnings: job.warnings,
  };
};

export const viewState = async (world: Tables, job: TrainingJob): Promise<TrainingState> =>
  stateOf(job, await queuePositions(world, [job]));

interface Settings {
  readonly config: RecordedConfig;
  readonly config_hash: string;
}
const settingsOf = ({ config, config_hash }: TrainingJob): Settings => ({ config, config_hash });

/** Sessions as the API shows them, with their places in the queue from one look at it. */
export async function viewSessions(
  world: Tables,
  jobs: readonly TrainingJob[],
): Promise<(TrainingState & Settings)[]> {
  const positions = await queuePositions(world, jobs);
  return jobs.map((job) => ({ ...stateOf(job, positions), ...settingsOf(job) }));
}

export async function viewSession(world: Tables, job: TrainingJob) {
  return { ...(await viewState(world, job)), ...settingsOf(job) };
}
