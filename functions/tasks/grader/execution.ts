import { runStatus, seeded } from '#shared/domain/grading/score.ts';
import type { TestOutcome } from '#shared/domain/grading/types.ts';
import { type ExecutionInput, executionInputs, executionResults } from '#shared/jobs/execution.ts';
import type { JobOf } from '#shared/jobs/job.ts';
import { cut, fitted, type StoredOutcome, totals } from '#shared/jobs/results.ts';
import type { Held } from './held.ts';
import { holding } from './holding.ts';
import { NoVerdict, refuseInternal, succeeded, toldError } from './outcome.ts';
import { Output } from './output.ts';
import { persist } from './persist.ts';
import { Teller } from './teller.ts';
import { Verdicts } from './verdicts.ts';
import type { Came, GraderWorld } from './world.ts';

/** Runs a program for whoever wrote it, tells what it prints, and keeps what came of it. */
export const runExecution = (world: GraderWorld, claimed: JobOf<'execution'>): Promise<Came> =>
  holding(world, claimed, async (held, signal) => {
    const { job_id } = claimed;
    const input = await persist('execution.read', () =>
      world.table.get(executionInputs, { job_id }, { consistent: true }),
    );
    if (!input) throw new Error(`execution ${job_id} has no input`);
    const outcomes = await runInput(world, held, input, signal);
    const status = runStatus(outcomes.map((one) => one.status));
    const { expires_at } = claimed;
    const grader_version = world.engine.version;
    await held.commit(
      { ...succeeded(world.now()), outcome: status },
      [{ type: 'code.result', data: summary(job_id, status, outcomes) }],
      [world.table.put(executionResults, { job_id, outcomes, grader_version, expires_at })],
    );
  });

async function runInput(
  { engine }: GraderWorld,
  held: Held<JobOf<'execution'>>,
  { language, code, tests, free }: ExecutionInput,
  signal: AbortSignal,
): Promise<StoredOutcome[]> {
  const [output, verdicts] = [new Output(), new Verdicts(held.job, tests)];
  using teller = new Teller((events) => held.commit({}, events), [output, verdicts]);
  const seen = (one: TestOutcome, test: number): TestOutcome =>
    free.includes(test) ? withoutExpectation(one) : one;
  const given = tests.map((test, index) => seeded({ ...test, id: String(index) }));
  const outcomes = await engine.grade({ language, code }, given, {
    signal,
    onOutput: (chunk) => {
      output.add(chunk);
      teller.look();
    },
    onOutcome: ({ test, outcome }) => {
      verdicts.add(test, seen(outcome, test).verdict);
      teller.look();
    },
  });
  try {
    refuseInternal(outcomes);
  } catch (error) {
    // a broken checker is the caller's own here, and shown
    if (!(error instanceof NoVerdict) || error.ours) throw error;
  }
  return fitted(outcomes.map(seen));
}

/** Where nothing is expected no answer is wrong. */
const withoutExpectation = (outcome: TestOutcome): TestOutcome =>
  outcome.verdict === 'wrong_answer' ? { ...outcome, verdict: 'pass' } : outcome;

const summary = (execution_id: string, status: string, outcomes: readonly StoredOutcome[]) => ({
  execution_id,
  status,
  verdicts: outcomes.map((one) => one.status),
  output: cut(outcomes[0]?.output ?? '', 1_000),
  error: toldError(outcomes),
  ...totals(outcomes),
});
