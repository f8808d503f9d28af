import type { Publish } from '../events/event-bus.ts';
import type { JsonObject } from '../json.ts';
import { taskIdOf } from './metadata.ts';
import type { Service } from './services.ts';
import type { Task } from './task-store.ts';

const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000);
const instant = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString();

const containers = (task: Task) => [
  {
    containerArn: `${task.taskArn.replace(':task/', ':container/')}/${taskIdOf(task.taskArn)}-0`,
    taskArn: task.taskArn,
    name: task.containerName,
    lastStatus: task.lastStatus,
    ...(task.exitCode === undefined ? {} : { exitCode: task.exitCode }),
  },
];

const common = (task: Task) => ({
  taskArn: task.taskArn,
  clusterArn: task.clusterArn,
  taskDefinitionArn: task.taskDefinitionArn,
  lastStatus: task.lastStatus,
  desiredStatus: task.desiredStatus,
  startedBy: task.startedBy,
  group: task.group,
  cpu: task.cpu,
  memory: task.memory,
  launchType: 'FARGATE',
  overrides: task.overrides,
  containers: containers(task),
  stopCode: task.stopCode,
  stoppedReason: task.stoppedReason,
  version: task.version,
});

/** A task as the API shows it: times in seconds since the epoch. */
export const taskView = (task: Task): object => ({
  ...common(task),
  createdAt: seconds(task.createdAt),
  startedAt: seconds(task.startedAt),
  stoppingAt: seconds(task.stoppingAt),
  stoppedAt: seconds(task.stoppedAt),
});

/** A task as the event "ECS Task State Change" shows it: times in ISO 8601. */
export function taskEvent(task: Task): Parameters<Publish>[0] {
  const detail: JsonObject = JSON.parse(
    JSON.stringify({
      ...common(task),
      createdAt: instant(task.createdAt),
      startedAt: instant(task.startedAt),
      stoppingAt: instant(task.stoppingAt),
      stoppedAt: instant(task.stoppedAt),
      updatedAt: instant(Date.now()),
    }),
  );
  return { source: 'aws.ecs', detailType: 'ECS Task State Change', resources: [task.taskArn], detail };
}

/** A service as the API shows it. */
export function serviceView(service: Service): object {
  const { arn, name, clusterArn, definition } = service.setting;
  const tasks = service.tasks();
  return {
    serviceArn: arn,
    serviceName: name,
    clusterArn,
    taskDefinition: definition.arn,
    status: 'ACTIVE',
    launchType: 'FARGATE',
    desiredCount: service.desired,
    runningCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingCount: tasks.filter(({ lastStatus }) => lastStatus === 'PENDING').length,
  };
}
