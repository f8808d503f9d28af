import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const priceSheet = z.object({
  region: z.string(),
  as_of: z.string(),
  items: z.record(z.string(), z.object({ unit: z.string(), price: z.number(), free: z.number() })),
});
export const prices = priceSheet.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, 'prices.json'), 'utf8')),
);

/** What one student does in a month; an active one, on 20 school days. */
export const habits = {
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
  stored_mb: 1.5,
} as const;

/** What a school has whether anybody comes or not; the counts come from its template. */
export interface Fixed {
  readonly alarms: number;
  readonly secrets: number;
}

/** What today's template has; a test compares. */
export const templateCounts: Fixed = { alarms: 17, secrets: 4 };

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
  const http = students * habits.http_requests;
  const runs = students * habits.trainings;
  const events = runs * habits.metric_events_per_training;
  const taskHours = (runs * habits.training_task_s) / hour;
  const frames = events * 2 + students * habits.websocket_minutes * 0.25;
  const streamBatches = events + runs * 8;
  const invocations = http + frames + streamBatches + runs * 2 + minutesInMonth;
  const requests = { logged_kb: http * 0.6 + invocations * 0.3 };
  return {
    lambda_requests: invocations / million,
    // 512 MB; about 30 ms a call, of which most is waiting for the table.
    lambda_compute_arm: invocations * 0.03 * 0.5,
    http_api_requests: http / million,
    websocket_messages: frames / million,
    websocket_minutes: (students * habits.websocket_minutes) / million,
    // A metric event is a transaction of the job and a 4 KB event; one request in five writes 2 items of 1 KB.
    dynamodb_writes: (events * 2 * 5 + http * 0.2 * 4 + runs * 40) / million,
    // The caller's state and the object, partly consistent; each event is looked up by its subscribers.
    dynamodb_reads: (http * 2.5 + events * 3 + minutesInMonth * 3) / million,
    dynamodb_storage: (students * habits.stored_mb) / 1024,
    dynamodb_recovery: (students * habits.stored_mb) / 1024,
    s3_storage: (runs * habits.artifact_mb_per_training * 12) / 1024,
    s3_writes: (runs * 10) / million,
    s3_reads: (runs * 10 + students * habits.visits) / million,
    // Lambda polls an idle queue with five long polls of 20 s.
    sqs_requests: (minutesInMonth * 15 + runs * 4) / million,
    fargate_vcpu_arm_spot: taskHours,
    fargate_memory_arm_spot: taskHours * 2,
    public_ipv4: taskHours,
    ecr_storage: 0.3,
    logs_ingested: requests.logged_kb / million,
    logs_stored: requests.logged_kb / million,
    alarms: fixed.alarms,
    dashboards: 1,
    custom_metrics: 20,
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
  const sizes = [100, 1000, 5000];
  console.log(`USD a month in ${prices.region}, list prices of ${prices.as_of}`);
  for (const students of sizes) {
    const lines = monthlyCost(students, templateCounts);
    console.log(`\n${students} students: ${total(lines).toFixed(2)}`);
    for (const { item, quantity, unit, usd } of lines.filter((line) => line.usd >= 0.005)) {
      console.log(`  ${usd.toFixed(2).padStart(7)}  ${item.padEnd(24)} ${quantity.toPrecision(3)} ${unit}`);
    }
  }
}
