/** Answers of simulated persons as completed tests leave them, and the calibrator's own code in this process. */
import { computed } from '#functions/tasks/calibrator/compute.ts';
import { type CalibratorWorld, runCalibration } from '#functions/tasks/calibrator/run.ts';
import type {
  CalibrationItem,
  CalibrationReport,
  CalibrationRequest,
} from '#shared/contracts/calibrations.ts';
import type { WrittenItem } from '#shared/contracts/item-shapes.ts';
import {
  categoryProbabilities,
  createBank,
  type ItemParameters,
  normalOf,
  uniformOf,
} from '#shared/domain/irt/index.ts';
import { uuidv7 } from '#shared/ids.ts';
import { calibrationReportKey } from '#shared/jobs/artifacts.ts';
import { type CalibrationJob, jobs, queued } from '#shared/jobs/job.ts';
import { claim } from '#shared/jobs/lifecycle.ts';
import { calibrations } from '#shared/table/calibration.ts';
import {
  type ExamResponse,
  type ExamSessionRecord,
  examResponses,
  examSessions,
} from '#shared/table/exam-session.ts';
import type { ItemRecord } from '#shared/table/item.ts';
import type { Person, School } from './school.ts';
import { aBank, anItem, objectsOf } from './testing.ts';

/** 2PL: ln a ~ N(.1, .2²), b ~ N(0, .8²). */
export const slopesAndDifficulties = (count: number, seed: number): ItemParameters[] =>
  Array.from({ length: count }, (_, i) => ({
    model: '2PL',
    a: Math.exp(0.1 + 0.2 * normalOf(seed, 1, i)),
    b: 0.8 * normalOf(seed, 2, i),
  }));

/** An item whose parameters are known to the bank, or on trial. */
export const itemOf = (number: number, parameters: ItemParameters | null): WrittenItem =>
  anItem({
    body: `Question ${number}`,
    key: number % 4,
    parameters: parameters && { ...parameters },
    status: parameters === null ? 'pilot' : 'live',
  });

interface Answering {
  readonly persons: number;
  readonly seed: number;
  readonly mean?: number;
  readonly sd?: number;
  /** Whether a person was asked an item; default: everybody everything. */
  readonly asks?: (person: number, item: number) => boolean;
  readonly session?: (person: number) => Partial<ExamSessionRecord>;
  /** Changes a response before it is written. */
  readonly response?: (response: ExamResponse, person: number) => ExamResponse;
  /** What is easier or harder for a person than the parameters say: shifts b. */
  readonly shift?: (person: number, item: number) => number;
}

/** Completed sessions of simulated persons. `truth` is how the items are, in the order of `items`. */
export async function answered(
  { table }: Pick<School, 'table'>,
  bank: {
    readonly bank_id: string;
    readonly org_id: string;
    readonly version: number;
    readonly items: readonly ItemRecord[];
  },
  truth: readonly ItemParameters[],
  options: Answering,
): Promise<void> {
  const {
    persons,
    seed,
    mean = 0,
    sd = 1,
    asks = () => true,
    session = () => ({}),
    shift = () => 0,
  } = options;
  const { response: changed = (one) => one } = options;
  const engine = createBank(truth);
  const drawn = (person: number, item: number): number => {
    const theta = mean + sd * normalOf(seed, person) - shift(person, item);
    let left = uniformOf(seed + 1, person, item);
    const probabilities = categoryProbabilities(engine, item, theta);
    for (let category = 0; category < probabilities.length; category++) {
      left -= probabilities[category] ?? 0;
      if (left < 0) return category;
    }
    return probabilities.length - 1;
  };
  const writes = Array.from({ length: persons }, (_, person) => {
    const head = { ...aSession(bank, person), ...session(person) };
    const responses = bank.items.flatMap((item, i): ExamResponse[] =>
      asks(person, i) ? [changed(responseTo(item, drawn(person, i)), person)] : [],
    );
    const { exam_session_id, result_n } = head;
    const results = { exam_session_id, result_n, bank_id: bank.bank_id, bank_version: bank.version };
    return [
      table.insert(examSessions, head),
      table.insert(examResponses, { ...results, theta: 0, standard_error: 1, responses }),
    ];
  });
  for (let from = 0; from < writes.length; from += 25)
    await table.write(...writes.slice(from, from + 25).flat());
}

const mostOf = ({ parameters }: ItemRecord): number =>
  parameters !== null && 'thresholds' in parameters ? parameters.thresholds.length : 1;

const responseTo = (item: ItemRecord, category: number): ExamResponse => ({
  item_id: item.item_id,
  revision: item.revision,
  parameters: item.parameters,
  pilot: item.status === 'pilot',
  category,
  x: category / mostOf(item),
  milliseconds: 20_000,
  expected: null,
  variance: null,
});

const hour = 3_600_000;

const aSession = (
  {
    bank_id,
    org_id,
    version,
  }: { readonly bank_id: string; readonly org_id: string; readonly version: number },
  person: number,
): ExamSessionRecord => ({
  exam_session_id: uuidv7(),
  org_id,
  class_id: 'class',
  student_id: `student-${person}`,
  student_name: `Student ${person}`,
  exam_type: 'practice',
  plan_id: 'plan',
  plan_name: 'Plan',
  plan_release: 1,
  bank_id,
  bank_version: version,
  feedback: { when: 'never', show: 'band', show_answers: false },
  status: 'completed',
  source: 'taken',
  started_at: new Date(Date.now() - 2 * hour).toISOString(),
  ended_at: new Date(Date.now() - hour + person).toISOString(),
  duration_sec: 3600,
  deadline_at: null,
  time_factor: 1,
  answered: 1,
  max_items: 30,
  stop_reason: 'max_items',
  score: 500,
  theta: 0,
  standard_error: 1,
  result_n: 1,
  started_by: `student-${person}`,
  external_id: null,
  meta: {},
  version: 1,
});

/** The calibrator beside a school's table and bucket. */
export async function calibratorOf(school: School) {
  const { table } = school;
  const objects = await objectsOf(school);
  const program = new URL('./calibrator-thread.ts', import.meta.url);
  const world = (changes: Partial<CalibratorWorld> = {}): CalibratorWorld => ({
    table,
    now: () => new Date(),
    events_days: 30,
    objects,
    limit_s: 600,
    ending: new AbortController().signal,
    compute: (input, watch) => computed(program, input, watch),
    ...changes,
  });
  const read = async (job_id: string): Promise<CalibrationJob> => {
    const job = await table.get(queued.calibration, { job_id }, { consistent: true });
    if (!job) throw new Error(`no calibration ${job_id}`);
    return job;
  };
  const claimed = async (job_id: string, worker = 'calibrator-1'): Promise<CalibrationJob> => {
    const job = await claim(world(), await read(job_id), worker);
    if (!job) throw new Error(`${job_id} could not be claimed`);
    return job;
  };
  return {
    world,
    read,
    claimed,
    objects,
    /** Runs a waiting calibration as its task would. */
    run: async (job_id: string, changes: Partial<CalibratorWorld> = {}) =>
      runCalibration(world(changes), await claimed(job_id)),
  };
}

/** A calibration of a bank of two items that is completed. */
export async function calibratedBank(
  school: Pick<School, 'table' | 'bucket'>,
  { org_id, teacher }: { readonly org_id: string; readonly teacher: Person },
) {
  const bank = await aBank(school, { org_id, by: teacher.user_id, items: 2 });
  const calibration_id = await completedCalibration(school, teacher, bank);
  return { ...bank, calibration_id };
}

/** A calibration that is completed, as if its task had run: every item passed, but for `changes`. */
export async function completedCalibration(
  school: Pick<School, 'table' | 'bucket'>,
  teacher: Person,
  bank: { readonly bank_id: string; readonly items: readonly ItemRecord[] },
  changes: (item: CalibrationItem, index: number) => CalibrationItem = (item) => item,
  asked: Partial<CalibrationRequest> = {},
): Promise<string> {
  const { table } = school;
  const body = { bank_id: bank.bank_id, ...asked };
  const { calibration_id } = await teacher.testing.createCalibration({ body });
  const record = await table.get(calibrations, { calibration_id }, { consistent: true });
  const job = await table.get(queued.calibration, { job_id: calibration_id }, { consistent: true });
  if (!record || !job) throw new Error('the calibration is not there');
  const found = reportOf(record, bank.items);
  const report = { ...found, items: found.items.map(changes) };
  const objects = await objectsOf(school);
  await objects.put(calibrationReportKey(calibration_id, 1), JSON.stringify(report), 'application/json');
  await table.write(
    table.put(calibrations, { ...record, summary: report.summary, report_attempt: 1 }),
    table.put(jobs, { ...job, state: 'succeeded', attempt: 1 }),
  );
  return calibration_id;
}

const reportOf = (
  {
    calibration_id,
    bank_id,
    bank_version,
    config,
  }: Pick<CalibrationReport, 'calibration_id' | 'bank_id' | 'bank_version' | 'config'>,
  items: readonly ItemRecord[],
): CalibrationReport => ({
  calibration_id,
  bank_id,
  bank_version,
  config,
  D: 1,
  summary: {
    sessions: 400,
    answers: 800,
    items: items.length,
    passed: items.length,
    left_out: 0,
    converged: true,
    log_likelihood: -500,
    aic: 1008,
    bic: 1024,
    latent: { mean: 0, sd: 1, se_mean: 0.05, se_sd: 0.04 },
    reliability: 0.5,
  },
  convergence: { cycles: 10, newton_steps: 2, distance: 1e-9, held: [], trace: [-510, -500] },
  link: null,
  fixed: 5,
  sessions: { found: 400, used: 400, without_answers: 0, capped: false },
  other_content: 0,
  left_out: [],
  items: items.map(({ item_id, revision }, i) => ({
    item_id,
    revision,
    status: 'live',
    answers: 400,
    mean_score: 0.5,
    before: null,
    after: { model: '2PL', a: 1.25, b: 0.5 * i, c: 0, d: 1 },
    se: { a: 0.1, b: 0.1, c: 0, thresholds: [] },
    displacement: null,
    fit: null,
    infit: 1,
    outfit: 1,
    dif: null,
    warnings: [],
    gates: [{ gate: 'answers', passed: true, value: 400, limit: 300 }],
    passed: true,
    points: [],
  })),
  made_at: new Date().toISOString(),
});
