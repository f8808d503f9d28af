import * as z from 'zod';
import { AwsError } from '../services/aws/call.ts';

const pair = z.object({ name: z.string(), value: z.string() });

/** What RunTask changes in a task definition. */
export const overrides = z.object({
  containerOverrides: z
    .array(
      z.object({
        name: z.string(),
        command: z.array(z.string()).optional(),
        environment: z.array(pair).optional(),
        cpu: z.number().optional(),
        memory: z.number().optional(),
      }),
    )
    .optional(),
  cpu: z.string().optional(),
  memory: z.string().optional(),
});

export const runTaskRequest = z.object({
  cluster: z.string().optional(),
  taskDefinition: z.string(),
  count: z.int().min(1).max(10).optional(),
  clientToken: z.string().max(64).optional(),
  startedBy: z.string().max(128).optional(),
  group: z.string().optional(),
  launchType: z.string().optional(),
  networkConfiguration: z
    .object({ awsvpcConfiguration: z.object({ subnets: z.array(z.string()).min(1) }) })
    .optional(),
  overrides: overrides.optional(),
});
export type RunTaskRequest = z.output<typeof runTaskRequest>;

export const stopTaskRequest = z.object({
  cluster: z.string().optional(),
  task: z.string(),
  reason: z.string().max(255).optional(),
});

export const describeTasksRequest = z.object({
  cluster: z.string().optional(),
  tasks: z.array(z.string()).max(100),
});

export const listTasksRequest = z.object({
  cluster: z.string().optional(),
  family: z.string().optional(),
  serviceName: z.string().optional(),
  startedBy: z.string().optional(),
  desiredStatus: z.enum(['RUNNING', 'PENDING', 'STOPPED']).optional(),
});

export const updateServiceRequest = z.strictObject({
  cluster: z.string().optional(),
  service: z.string(),
  desiredCount: z.int().min(0).max(5000).optional(),
});

export const describeServicesRequest = z.object({
  cluster: z.string().optional(),
  services: z.array(z.string()).min(1).max(10),
});

/** Parses a request, or answers as ECS does. */
export function parseRequest<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new AwsError('InvalidParameterException', z.prettifyError(parsed.error));
  return parsed.data;
}
