import type { Caller } from '#shared/contracts/operation.ts';
import { mostRuns, type Search, type Sweep, type SweepBody } from '#shared/contracts/training-sweeps.ts';
import { isFinal } from '#shared/domain/jobs/states.ts';
import { drawTrials, gridOf, type Trial } from '#shared/domain/runs/sweep.ts';
import { conflict, DomainError, forbidden, invalid, notFound, tooMany } from '#shared/errors.ts';
import { type Listing, paginate } from '#shared/http/paging.ts';
import type { TrainingJob } from '#shared/jobs/job.ts';
import { cancel } from '#shared/jobs/lifecycle.ts';
import {
  newRun,
  ownerOf,
  type RunConfig,
  refuseTooLong,
  refuseUnknownClass,
  trainingWrites,
} from '#shared/jobs/start-training.ts';
import { activeTrainings } from '#shared/jobs/training-turns.ts';
import { isStaffOf, reachesStudent } from '#shared/reach.ts';
import { startAfter } from '#shared/table/entity.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { retried } from '#shared/table/retry.ts';
import { type SweepRecord, sweeps } from '#shared/table/sweep.ts';
import { resolved } from './rules.ts';
import { runsOf, viewSweep, viewSweeps } from './sweep-view.ts';
import type { TrainingWorld } from './world.ts';

/** Sweeps of one person that are under way at once. */
const mostSweeps = 2;

interface Planned {
  readonly hyperparameters: Trial;
  readonly config: RunConfig;
}

/** Queues all runs of a search, with the sweep, in one transaction. */
export async function startSweep(
  world: TrainingWorld,
  caller: Caller,
  body: SweepBody,
  key: string | undefined,
): Promise<Sweep> {
  const { table } = world;
  const planned = plan(body);
  const request = { caller, operation: 'training.sweep', key, body, now: world.now() };
  const sweep_id = await idempotently(
    table,
    request,
    async (done) => {
      for (const { config } of planned) refuseTooLong(world.settings, config);
      await refuseUnknownClass(world, caller, body.config.class_id);
      const { record, runs } = await made(world, caller, body, planned);
      await table.write(
        ...done(record.sweep_id),
        table.insert(sweeps, record),
        ...runs.flatMap((run) => trainingWrites(world, run)),
      );
      return record.sweep_id;
    },
    async (id) => id,
  );
  return viewSweep(world, await recordOf(world, sweep_id));
}

async function made(world: TrainingWorld, caller: Caller, body: SweepBody, planned: readonly Planned[]) {
  const active = await activeTrainings(world, caller.user_id);
  if (active.sweeps >= mostSweeps)
    throw tooMany('sweep.limit', `You have ${active.sweeps} sweeps under way; wait for one to end.`, 60);
  const owner = await ownerOf(world, caller);
  const sweep_id = world.newId();
  const first = body.config.seed ?? world.newSeed();
  const runs: TrainingJob[] = [];
  const trials = planned.map(({ hyperparameters, config }, index) => {
    const own = Array.from({ length: body.seeds }, (_, at) => {
      const name = `${body.name ?? config.name ?? 'sweep'} #${index + 1}`;
      const run = { ...config, name, seed: (first + at) % 2 ** 32 };
      return newRun(world, owner, run, active.all + runs.length + at, sweep_id);
    });
    runs.push(...own);
    const session_ids = own.map(({ job_id }) => job_id);
    return { hyperparameters, config_hash: own[0]?.config_hash ?? '', session_ids };
  });
  const record: SweepRecord = {
    sweep_id,
    name: body.name ?? null,
    method: body.search.method,
    owner_id: caller.user_id,
    org_id: caller.org_id,
    class_id: body.config.class_id ?? null,
    trials,
    created_at: world.now().toISOString(),
    cancelled_at: null,
    version: 1,
  };
  return { record, runs };
}

/** @throws 422 when the search is too large, or one of its trials cannot be trained */
function plan({ config, search, seeds, max_total_steps = Number.POSITIVE_INFINITY }: SweepBody): Planned[] {
  const most = Math.floor(mostRuns / seeds);
  refuseMore(search, most, seeds);
  const trials = search.method === 'grid' ? gridOf(search.space) : drawn(search, most);
  const planned = trials.map((hyperparameters) => ({
    hyperparameters,
    config: resolvedTrial(config, hyperparameters),
  }));
  const steps = (planned[0]?.config.max_steps ?? 0) * seeds;
  const affordable = Math.floor(max_total_steps / steps);
  if (affordable === 0) throw invalid(['body', 'max_total_steps'], `one trial takes ${steps} steps`);
  if (search.method === 'grid') refuseMore(search, affordable, seeds);
  return planned.slice(0, affordable);
}

const drawn = ({ space, trials, seed }: Extract<Search, { method: 'random' }>, most: number): Trial[] =>
  drawTrials(space, Math.min(trials, most), seed);

/** A grid is counted before it is made: eight lists of thirty are more than any memory holds. */
function refuseMore(search: Search, most: number, seeds: number): void {
  if (search.method !== 'grid') return;
  const count = Object.values(search.space).reduce((product, values) => product * values.length, 1);
  if (count > most)
    throw invalid(
      ['body', 'search', 'space'],
      `makes ${count} trials of ${seeds} runs, and the budget is ${most}`,
    );
}

function resolvedTrial(config: SweepBody['config'], trial: Trial): RunConfig {
  try {
    const hyperparameters = { ...config.hyperparameters, ...trial };
    // whether they are this algorithm's, `resolved` says
    return resolved({ ...config, hyperparameters } as SweepBody['config']);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    // the field is where its value came from: the space, or what all trials have in common
    const issues = (error.issues ?? []).map(({ loc, ...issue }) => {
      const field = String(loc.at(-1));
      const place = field in trial ? ['search', 'space', field] : ['config', ...loc.slice(1)];
      return { ...issue, loc: ['body', ...place] };
    });
    throw new DomainError('invalid', error.error_code, error.message, { issues });
  }
}

async function recordOf({ table }: TrainingWorld, sweep_id: string): Promise<SweepRecord> {
  const found = await table.get(sweeps, { sweep_id }, { consistent: true });
  if (!found) throw notFound('sweep');
  return found;
}

async function reachedSweep(world: TrainingWorld, caller: Caller, sweep_id: string): Promise<SweepRecord> {
  const record = await recordOf(world, sweep_id);
  const { table } = world;
  const { class_id, owner_id: user_id, org_id } = record;
  const reached =
    (class_id !== null && (await isStaffOf(table, caller, class_id))) ||
    (await reachesStudent(table, caller, { user_id, org_id }));
  if (!reached) throw notFound('sweep');
  return record;
}

export async function getSweep(world: TrainingWorld, caller: Caller, sweep_id: string): Promise<Sweep> {
  return viewSweep(world, await reachedSweep(world, caller, sweep_id));
}

export async function listSweeps(world: TrainingWorld, caller: Caller, query: Listing['query']) {
  const pk = `user#${caller.user_id}#sweeps`;
  const page = await paginate<SweepRecord>(
    { caller, query, filters: {} },
    (start, limit) => world.table.query(sweeps, { index: 'gsi1', pk, limit, start, backwards: true }),
    { keyOf: (one) => startAfter(sweeps, one, 'gsi1') },
  );
  return { ...page, items: await viewSweeps(world, page.items) };
}

/** The sweep first: what is cancelled half way is cancelled whole by the next try. */
export async function cancelSweep(world: TrainingWorld, caller: Caller, sweep_id: string): Promise<Sweep> {
  const { owner_id } = await reachedSweep(world, caller, sweep_id);
  if (caller.role === 'assistant' && owner_id !== caller.user_id)
    throw forbidden('training.not_own', 'Assistants cancel only their own sweeps.');
  const record = await retried(async () => {
    const seen = await recordOf(world, sweep_id);
    if (seen.cancelled_at !== null) return seen;
    const runs = await runsOf(world, seen);
    if (runs.every(({ state }) => isFinal(state)))
      throw conflict('sweep.ended', 'This sweep has already ended.');
    const next = { ...seen, cancelled_at: world.now().toISOString() };
    await world.table.write(world.table.replace(sweeps, seen, next));
    return next;
  });
  for (const { job_id, state } of await runsOf(world, record))
    if (!isFinal(state)) await cancel(world, job_id);
  return viewSweep(world, record);
}
