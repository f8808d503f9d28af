import * as z from 'zod';
import { sourceLimits } from './domain/grading/limits.ts';

/** The settings of a school that functions need, from its `infra/schools/<name>.json`. */
export const schoolSettings = z.object({
  organization: z.object({ name: z.string().min(1), type: z.string().min(1) }),
  admin_email: z.email(),
  self_registration: z.enum(['students', 'off']),
  /** Import the starting exercises once. */
  seed_content: z.boolean(),
  /** Sign-in buttons without a password; they work on loopback only. */
  demo_sign_in: z.boolean(),
  time_zone: z.string(),
  flags: z.record(z.string(), z.boolean()),
  limits: z.object({
    max_concurrent_trainings: z.int().positive(),
    /** Trainings of one person that run at once, and that wait or run. */
    max_trainings_per_student: z.int().positive(),
    max_waiting_trainings_per_student: z.int().positive(),
    /** Of one run. */
    max_training_steps: z.int().positive(),
    max_training_minutes: z.int().positive(),
    trainer_idle_s: z.int().nonnegative(),
    /** Runs of code of one student that wait or run at once. */
    max_runs_per_student: z.int().positive(),
    runs_per_minute: z.int().positive(),
    source_characters: z.int().positive().max(sourceLimits.highest_characters),
  }),
  retention: z.object({ events_days: z.int().positive(), checkpoints_days: z.int().positive() }),
});
export type SchoolSettings = z.infer<typeof schoolSettings>;

const commaList = z.string().transform((value) => value.split(',').filter((part) => part !== ''));

const variables = z.object({
  TABLE_NAME: z.string().min(1),
  SCHOOL: z.string().min(1),
  SCHOOL_SETTINGS: z
    .string()
    .transform((value, context): unknown => {
      try {
        return JSON.parse(value);
      } catch {
        context.addIssue('is not JSON');
        return z.NEVER;
      }
    })
    .pipe(schoolSettings),
  PUBLIC_ORIGINS: commaList.pipe(z.tuple([z.url()], z.url())),
  WEBSOCKET_ENDPOINT: z.url(),
  TRAINING_QUEUE_URL: z.url(),
  GRADING_QUEUE_URL: z.url(),
  VERIFICATION_QUEUE_URL: z.url(),
  /** Programs that one grader runs at the same time. */
  GRADER_SLOTS: z.coerce.number().int().positive(),
  /** Whether an isolate that a program has left clean may take the next one. */
  GRADER_REUSE: z.enum(['on', 'off']),
  GRADER_SERVICE: z.string().min(1),
  ARTIFACTS_BUCKET: z.string().min(1),
  /** Where all services are, on a laptop. */
  AWS_ENDPOINT_URL: z.url().optional(),
  SIGNING_SECRET_ARN: z.string().min(1),
  RECEIPT_SECRET_ARN: z.string().min(1),
  /** Nobody who trains may know it: the seeds of the boards' episodes are derived from it. */
  BOARD_SECRET_ARN: z.string().min(1),
  ORIGIN_SECRET_ARN: z.string().min(1),
  ADMIN_SECRET_ARN: z.string().min(1),
  CLUSTER_ARN: z.string().min(1),
  TRAINER_TASK_DEFINITION_ARN: z.string().min(1),
  TRAINER_CONTAINER: z.string().min(1),
  /** Where tasks of both are started. */
  TASK_SUBNETS: commaList,
  TASK_SECURITY_GROUP: z.string().min(1),
  CALIBRATOR_TASK_DEFINITION_ARN: z.string().min(1),
  CALIBRATOR_CONTAINER: z.string().min(1),
  JOB_ID: z.string().min(1).optional(),
  ECS_CONTAINER_METADATA_URI_V4: z.url().optional(),
});
type Variables = z.output<typeof variables>;

/**
 * The named environment variables, parsed; throws once at start, naming each one that is missing or wrong.
 * No other file reads `process.env`.
 */
export function readEnv<const K extends keyof Variables>(...names: readonly K[]): Pick<Variables, K> {
  const parsed: [K, unknown][] = [];
  const wrong: string[] = [];
  for (const name of names) {
    const result = variables.shape[name].safeParse(process.env[name]);
    if (result.success) parsed.push([name, result.data]);
    else wrong.push(`environment variable ${name}: ${z.prettifyError(result.error)}`);
  }
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  // fromEntries cannot relate each name to its own type
  return Object.fromEntries(parsed) as Pick<Variables, K>;
}
