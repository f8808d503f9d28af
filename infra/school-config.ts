import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { sourceLimits } from '#shared/domain/grading/limits.ts';
import type { SchoolSettings } from '#shared/env.ts';

const folder = join(import.meta.dirname, 'schools');

/** What Fargate sells: memory in MB for each CPU size (units of 1/1024 vCPU). */
const fargateMemory: Record<number, { min: number; max: number; step: number }> = {
  256: { min: 512, max: 2048, step: 512 },
  512: { min: 1024, max: 4096, step: 1024 },
  1024: { min: 2048, max: 8192, step: 1024 },
  2048: { min: 4096, max: 16384, step: 1024 },
  4096: { min: 8192, max: 30720, step: 1024 },
};

/** The days CloudWatch Logs accepts as a retention. */
const logRetentionDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653];

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const zone = z.string().refine(isTimeZone, 'not an IANA time zone');

const capacity = z
  .strictObject({
    trainer_cpu: z.int().describe('Fargate CPU units of one trainer; 1024 is one vCPU'),
    trainer_memory_mb: z.int(),
    max_concurrent_trainings: z.int().min(1).max(1000),
    max_trainings_per_student: z.int().min(1).max(100).describe('running at once'),
    max_waiting_trainings_per_student: z.int().min(1).max(100).describe('waiting or running'),
    max_training_steps: z.int().min(1).max(10_000_000).describe('of one run'),
    max_training_minutes: z.int().min(1).max(1440).describe('of one run, while it has a machine'),
    trainer_idle_s: z.int().min(0).max(3600).describe('how long a trainer waits for another job'),
    grader_cpu: z.int().min(1024).describe('Fargate CPU units of one grader; it runs a program on each vCPU'),
    grader_memory_mb: z.int(),
    max_graders: z.int().min(1).max(100),
    grader_capacity: z
      .enum(['spot', 'on_demand'])
      .describe('spot is a third of the price; a grader that is taken away gives its work back'),
    lambda_memory_mb: z.int().min(256).max(10240).describe('128 MB makes handlers 3 to 4 times slower'),
    architecture: z.enum(['arm64', 'x86_64']),
  })
  .refine(({ trainer_cpu, trainer_memory_mb }) => fargateSells(trainer_cpu, trainer_memory_mb), {
    path: ['trainer_memory_mb'],
    error: 'Fargate does not sell this memory with this trainer_cpu',
  })
  .refine(({ grader_cpu, grader_memory_mb }) => fargateSells(grader_cpu, grader_memory_mb), {
    path: ['grader_memory_mb'],
    error: 'Fargate does not sell this memory with this grader_cpu',
  });

const grading = z.strictObject({
  reuse: z.boolean().describe('let an isolate that a program has left clean take the next one'),
  max_runs_per_student: z.int().min(1).max(100).describe('waiting or running at once'),
  runs_per_minute: z.int().min(1).max(1000),
  source_characters: z.int().min(1000).max(sourceLimits.highest_characters),
});

/** One school: everything in which its stacks differ from another school's. */
export const schoolConfig = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,23}$/)
      .describe('the prefix of every stack'),
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
    domain: z.hostname(),
    certificate_arn: z
      .string()
      .regex(
        /^arn:aws:acm:us-east-1:\d{12}:certificate\/[0-9a-f-]{36}$/,
        'CloudFront needs one of us-east-1',
      ),
    organization: z.strictObject({ name: z.string().min(1).max(200), type: z.string().min(1).max(40) }),
    admin_email: z.email(),
    seed_content: z.boolean().describe('import the starting exercises and items once'),
    demo_sign_in: z.boolean().describe('sign-in buttons without a password, on loopback only'),
    self_registration: z.enum(['students', 'off']),
    time_zone: zone,
    capacity,
    grading,
    school_hours: z.strictObject({
      days: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).min(1),
      from: clock,
      to: clock,
    }),
    retention: z.strictObject({
      events_days: z.int().min(1).max(3650),
      checkpoints_days: z.int().min(1).max(3650).describe('checkpoints of trainings but the last'),
      logs_days: z.literal(logRetentionDays),
    }),
    flags: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), z.boolean()),
    alarms_email: z.email(),
    ai_provider: z.enum(['off', 'bedrock']),
    vpc: z
      .strictObject({
        id: z.string().regex(/^vpc-[0-9a-f]+$/),
        subnet_ids: z.array(z.string().regex(/^subnet-[0-9a-f]+$/)).min(1),
      })
      .describe('run trainers in these public subnets of an existing VPC instead of a new one')
      .optional(),
    table: z
      .strictObject({ name: z.string().min(3), stream_arn: z.string().startsWith('arn:aws:dynamodb:') })
      .describe('a restored table to use instead of the stack’s own')
      .optional(),
  })
  .refine(({ school_hours }) => school_hours.from < school_hours.to, {
    path: ['school_hours', 'to'],
    error: 'must be after "from"',
  });
export type SchoolConfig = z.infer<typeof schoolConfig>;

/** The names of the schools that have a file. */
export function schoolNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'))
    .sort();
}

/** Reads and validates one school's file; throws with every problem named. */
export function readSchool(name: string): SchoolConfig {
  if (!schoolNames().includes(name)) {
    throw new Error(`There is no school "${name}". Known: ${schoolNames().join(', ')}.`);
  }
  const parsed = schoolConfig.safeParse(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')));
  if (!parsed.success) {
    throw new Error(`infra/schools/${name}.json is wrong:\n${z.prettifyError(parsed.error)}`);
  }
  if (parsed.data.name !== name)
    throw new Error(`infra/schools/${name}.json says name "${parsed.data.name}".`);
  return parsed.data;
}

/** The part of a school's file that its functions read, as `SCHOOL_SETTINGS`. */
export function functionSettings(school: SchoolConfig): SchoolSettings {
  const { organization, admin_email, self_registration, seed_content, demo_sign_in, time_zone, flags } =
    school;
  const {
    max_concurrent_trainings,
    max_trainings_per_student,
    max_waiting_trainings_per_student,
    max_training_steps,
    max_training_minutes,
    trainer_idle_s,
  } = school.capacity;
  const { max_runs_per_student, runs_per_minute, source_characters } = school.grading;
  return {
    organization,
    admin_email,
    self_registration,
    seed_content,
    demo_sign_in,
    time_zone,
    flags,
    limits: {
      max_concurrent_trainings,
      max_trainings_per_student,
      max_waiting_trainings_per_student,
      max_training_steps,
      max_training_minutes,
      trainer_idle_s,
      max_runs_per_student,
      runs_per_minute,
      source_characters,
    },
    retention: {
      events_days: school.retention.events_days,
      checkpoints_days: school.retention.checkpoints_days,
    },
  };
}

function fargateSells(cpu: number, memory: number): boolean {
  const range = fargateMemory[cpu];
  return range !== undefined && memory >= range.min && memory <= range.max && memory % range.step === 0;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
