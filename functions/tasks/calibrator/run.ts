import type { ObjectStore } from '#shared/aws/objects.ts';
import { readBank } from '#shared/banks/object.ts';
import type { CalibrationReport } from '#shared/contracts/calibrations.ts';
import type { PublishedBank } from '#shared/domain/items/types.ts';
import type { JobWorld } from '#shared/jobs/advance.ts';
import { calibrationReportKey } from '#shared/jobs/artifacts.ts';
import type { CalibrationJob } from '#shared/jobs/job.ts';
import { type CalibrationRecord, calibrations } from '#shared/table/calibration.ts';
import { bankVersions } from '#shared/table/item-bank.ts';
import type { Findings } from './findings.ts';
import { HeldJob, Stopped } from './held.ts';
import { type CalibrationInput, Uncalibratable } from './input.ts';
import { type Reading, read } from './read.ts';

export interface CalibratorWorld extends JobWorld {
  readonly objects: Pick<ObjectStore, 'get' | 'put'>;
  /** How long one calibration may have a machine. */
  readonly limit_s: number;
  /** Becomes aborted when the task is asked to end. */
  readonly ending: AbortSignal;
  /** Computes beside the event loop. */
  readonly compute: (
    input: CalibrationInput,
    watch: { readonly signal: AbortSignal; readonly onStage: (stage: 'judging') => void },
  ) => Promise<Findings>;
}

export type Outcome = 'succeeded' | 'refused' | 'interrupted' | 'timed_out' | 'fenced';

/**
 * Runs a claimed calibration to its end. The report is an object that nobody reads before the transaction which ends
 * the job names it: a worker that dies anywhere, or was taken for dead, leaves nothing that counts.
 */
export async function runCalibration(world: CalibratorWorld, claimed: CalibrationJob): Promise<Outcome> {
  const held = new HeldJob(world, claimed, world);
  try {
    await calibrate(world, held);
    return 'succeeded';
  } catch (error) {
    return await ended(world, held, error);
  } finally {
    await held.release();
  }
}

async function calibrate(world: CalibratorWorld, held: HeldJob): Promise<void> {
  const { table, objects } = world;
  const { job_id: calibration_id, attempt } = held.job;
  const record = await table.get(calibrations, { calibration_id }, { consistent: true });
  if (!record) throw new Error(`the calibration ${calibration_id} has a job and no record`);
  const bank = await bankOf(world, record);
  const reading = await read(table, record, bank, (done, total) =>
    held.tell({ stage: 'reading', done, total }),
  );
  const { found: total } = reading.sessions;
  const at = (stage: 'estimating' | 'judging' | 'writing') => held.tell({ stage, done: total, total });
  await at('estimating');
  const findings = await world.compute(reading.input, {
    signal: held.signal,
    onStage: (stage) => {
      // its failure stops the calibration by the signal
      at(stage).catch(() => undefined);
    },
  });
  await at('writing');
  const report = reportOf(record, reading, findings, world.now());
  await objects.put(
    calibrationReportKey(calibration_id, attempt),
    JSON.stringify(report),
    'application/json',
  );
  held.signal.throwIfAborted();
  const next = { ...record, summary: findings.summary, report_attempt: attempt };
  await held.commit(
    { ...over(world.now()), state: 'succeeded' },
    [],
    [table.replace(calibrations, record, next)],
  );
}

async function bankOf(
  { table, objects }: CalibratorWorld,
  { bank_id, bank_version }: CalibrationRecord,
): Promise<PublishedBank> {
  const version = await table.get(
    bankVersions,
    { bank_id, version_number: bank_version },
    { consistent: true },
  );
  if (!version)
    throw new Uncalibratable('calibration.bank_gone', 'This version of the bank no longer exists.');
  return { ...(await readBank(objects, version)), version: bank_version };
}

const reportOf = (
  { calibration_id, bank_id, bank_version, config }: CalibrationRecord,
  { sessions, other_content }: Reading,
  findings: Findings,
  now: Date,
): CalibrationReport => ({
  calibration_id,
  bank_id,
  bank_version,
  config,
  ...findings,
  sessions,
  other_content,
  made_at: now.toISOString(),
});

const over = (now: Date) => ({ worker: null, lease_until: null, ended_at: now.toISOString() }) as const;

/** What comes of a calibration that did not succeed. @throws what nobody foresaw, for the reaper to find */
async function ended(world: CalibratorWorld, held: HeldJob, error: unknown): Promise<Outcome> {
  try {
    if (error instanceof Uncalibratable) {
      const { error_code, message } = error;
      await held.commit({ ...over(world.now()), state: 'failed', error_code, error_detail: message });
      return 'refused';
    }
    if (!(error instanceof Stopped)) throw error;
    if (error.why === 'fenced') return 'fenced';
    if (error.why === 'overtime') {
      await held.commit({ ...over(world.now()), state: 'timed_out', ...overtime(world.limit_s) });
      return 'timed_out';
    }
    await held.interrupt();
    return 'interrupted';
  } catch (after) {
    if (after instanceof Stopped) return 'fenced';
    throw after;
  }
}

const overtime = (limit_s: number) => ({
  error_code: 'job.timed_out',
  error_detail: `A calibration has a machine for at most ${Math.round(limit_s / 60)} minutes. Calibrate fewer items, or of fewer sessions.`,
});
