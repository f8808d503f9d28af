import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readSchool, type SchoolConfig } from './school-config.ts';

const priceSheet = z.object({
  region: z.string(),
  as_of: z.string(),
  note: z.string(),
  items: z.record(
    z.string(),
    z.object({ unit: z.string(), price: z.number(), free: z.number(), source: z.httpUrl() }),
  ),
});
export const prices = priceSheet.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, 'prices.json'), 'utf8')),
);

/** What one student does in a month; an active one, on 20 school days. */
const habits = {
  http_requests: 1500,
  /** Page loads; each asks CloudFront for about ten files. */
  visits: 40,
  websocket_minutes: 900,
  trainings: 2,
  /** From RunTask to the end, with the student's share of the idle wait. */
  training_task_s: 150,
  /** At most one a second of at most 4 KB. */
  metric_events_per_training: 12,
  artifact_mb_per_training: 1,
  /** Policies that are played for a board, each for about a second of a whole processor. */
  board_entries: 2,
  /** Programs that are tried out or handed in. */
  runs: 60,
  /** A run's job, events, result with outputs and statistics, in write units of 1 KB. */
  write_units_per_run: 40,
  /** Each looks for errors while somebody types. */
  validations: 300,
  stored_mb: 1.5,
} as const;

/** What a school has whether anybody comes or not; the counts come from its template, the rest from its file. */
export interface Fixed {
  /** Metrics in alarms: one that computes with three counts as three. */
  readonly alarms: number;
  readonly secrets: number;
  readonly grader: {
    readonly vcpu: number;
    readonly memory_gb: number;
    readonly spot: boolean;
    /** In which at least one runs. */
    readonly school_hours: number;
  };
}

/** The grader of a school's file: a month has 365.25 / 7 / 12 weeks. */
export function graderOf({ capacity, school_hours }: SchoolConfig): Fixed['grader'] {
  const minutes = (clock: string) => {
    const [hours = 0, rest = 0] = clock.split(':').map(Number);
    return hours * 60 + rest;
  };
  const daily = (minutes(school_hours.to) - minutes(school_hours.from)) / 60;
  return {
    vcpu: capacity.grader_cpu / 1024,
    memory_gb: capacity.grader_memory_mb / 1024,
    spot: capacity.grader_capacity === 'spot',
    school_hours: (daily * school_hours.days.length * 365.25) / 7 / 12,
  };
}

/** What today's template has; a test compares. */
export const templateCounts = { alarms: 32, secrets: 5 } as const;

export interface CostLine {
  readonly item: string;
  readonly quantity: number;
  readonly unit: string;
  readonly usd: number;
}

const million = 1e6;
const hour = 3600;
const minutesInMonth = 60 * 24 * 30;

/** The quantities of every priced item in a month of a school with so many active students. */
export function monthlyUsage(students: number, fixed: Fixed): Record<string, number> {
  const clicks = students * habits.http_requests;
  const validations = students * habits.validations;
  const runs = students * habits.trainings;
  const events = runs * habits.metric_events_per_training;
  const taskHours = (runs * habits.training_task_s) / hour;
  const programs = students * habits.runs;
  const entries = students * habits.board_entries;
  // A run is sent, and its result is read.
  const http = clicks + validations + programs * 2;
  const grading = graderUsage(programs, fixed.grader);
  const frames = events * 2 + students * habits.websocket_minutes * 0.25;
  // A run: queued, progress and result, each with its event, for two readers.
  const streamBatches = events + runs * 8 + programs * 6;
  const invocations = http + frames + streamBatches + runs * 2 + minutesInMonth;
  const requests = { logged_kb: http * 0.6 + invocations * 0.3 };
  return {
    lambda_requests: invocations / million,
    // 512 MB; about 30 ms a call, of which most is waiting for the table. A parser has 1,769 MB and takes 100 ms.
    lambda_compute_arm: invocations * 0.03 * 0.5 + (validations * 0.1 + entries) * 1.73,
    http_api_requests: http / million,
    websocket_messages: frames / million,
    websocket_minutes: (students * habits.websocket_minutes) / million,
    // A metric event is a transaction of the job and a 4 KB event; one request in five writes 2 items of 1 KB.
    dynamodb_writes:
      (events * 2 * 5 + clicks * 0.2 * 4 + runs * 40 + programs * habits.write_units_per_run) / million,
    // The caller's state and the object, partly consistent; each event is looked up by its subscribers.
    dynamodb_reads: (http * 2.5 + events * 3 + programs * 20 + minutesInMonth * 3) / million,
    dynamodb_storage: (students * habits.stored_mb) / 1024,
    dynamodb_recovery: (students * habits.stored_mb) / 1024,
    s3_storage: (runs * habits.artifact_mb_per_training * 12) / 1024,
    s3_writes: (runs * 10 + entries * 2) / million,
    s3_reads: (runs * 10 + students * habits.visits) / million,
    // Lambda polls each of two idle queues with five long polls of 20 s, a grader with one.
    sqs_requests: (minutesInMonth * 30 + runs * 4 + programs * 3 + grading.hours * 180) / million,
    fargate_vcpu_arm_spot: taskHours + grading.vcpu.spot,
    fargate_memory_arm_spot: taskHours * 2 + grading.memory.spot,
    fargate_vcpu_arm: grading.vcpu.on_demand,
    fargate_memory_arm: grading.memory.on_demand,
    public_ipv4: taskHours + grading.hours,
    // Two images, each in its present and its previous version.
    ecr_storage: 0.6,
    logs_ingested: requests.logged_kb / million,
    logs_stored: requests.logged_kb / million,
    alarms: fixed.alarms,
    dashboards: 1,
    // Failed requests of nine functions, dead workers, refused launches: each exists only once it was counted.
    custom_metrics: 12,
    secrets: fixed.secrets,
    // Each new execution environment of two functions reads once.
    secret_reads: 2,
    // X-Ray samples the first request each second and 5 % of the rest.
    traces: (http * 0.1) / million,
    schedules: minutesInMonth / million,
    cloudfront_requests: (http + students * habits.visits * 10) / million,
    cloudfront_functions: (students * habits.visits) / million,
    cloudfront_transfer: (http * 2 + students * habits.visits * 150) / million,
    emails: 0.1,
  };
}

/**
 * One grader in school hours; outside them an hour for each that is asked for, on half of the days; and a second one
 * for every 1,000 programs of a busy hour, in which a twentieth of the month's are run.
 */
function graderUsage(programs: number, { vcpu, memory_gb, spot, school_hours }: Fixed['grader']) {
  const evenings = 15 * 2;
  const further = programs / 20 / 1000;
  const hours = school_hours + evenings + further;
  const bought = (amount: number) => ({ spot: spot ? amount : 0, on_demand: spot ? 0 : amount });
  return { hours, vcpu: bought(hours * vcpu), memory: bought(hours * memory_gb) };
}

/** One line for each priced item, dearest first. Throws when usage and price sheet name different items. */
export function monthlyCost(students: number, fixed: Fixed): CostLine[] {
  const usage = monthlyUsage(students, fixed);
  const unpriced = Object.keys(usage).filter((item) => prices.items[item] === undefined);
  if (unpriced.length > 0) throw new Error(`No price for ${unpriced.join(', ')}`);
  return Object.entries(prices.items)
    .map(([item, { unit, price, free }]) => {
      const quantity = usage[item];
      if (quantity === undefined) throw new Error(`No usage of the priced item ${item}`);
      return { item, quantity, unit, usd: Math.max(0, quantity - free) * price };
    })
    .sort((one, other) => other.usd - one.usd);
}

export const total = (lines: readonly CostLine[]): number => lines.reduce((sum, { usd }) => sum + usd, 0);

if (import.meta.main) {
  const [name = 'demo'] = process.argv.slice(2);
  const fixed = { ...templateCounts, grader: graderOf(readSchool(name)) };
  const sizes = [100, 1000, 5000];
  console.log(`USD a month for ${name} in ${prices.region}, list prices of ${prices.as_of}`);
  for (const students of sizes) {
    const lines = monthlyCost(students, fixed);
    console.log(`\n${students} students: ${total(lines).toFixed(2)}`);
    for (const { item, quantity, unit, usd } of lines.filter((line) => line.usd >= 0.005)) {
      console.log(`  ${usd.toFixed(2).padStart(7)}  ${item.padEnd(24)} ${quantity.toPrecision(3)} ${unit}`);
    }
  }
}
