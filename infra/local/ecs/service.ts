import {
  type AwsCall,
  AwsError,
  type AwsReply,
  type AwsService,
  type Grant,
  jsonReply,
} from '../services/aws/call.ts';
import type { Cluster } from './cluster.ts';
import {
  describeServicesRequest,
  describeTasksRequest,
  listTasksRequest,
  parseRequest,
  type RunTaskRequest,
  runTaskRequest,
  stopTaskRequest,
  updateServiceRequest,
} from './requests.ts';
import { groupOf, type Service } from './services.ts';
import type { TaskDefinition } from './task-definitions.ts';
import { serviceView, taskView } from './views.ts';

export interface EcsOptions {
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly definitions: ReadonlyMap<string, TaskDefinition>;
  readonly services: readonly Service[];
}

/** Amazon ECS, as far as tasks go, and the count of a service's tasks. */
export function createEcs({ clusters, definitions, services }: EcsOptions): AwsService {
  const clusterOf = (name = 'default'): Cluster => {
    for (const [arn, cluster] of clusters) if (arn === name || arn.endsWith(`/${name}`)) return cluster;
    throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
  };
  const arnOf = (name = 'default'): string =>
    [...clusters.keys()].find((arn) => arn === name || arn.endsWith(`/${name}`)) ?? name;
  const definitionOf = (name: string): TaskDefinition => {
    for (const definition of definitions.values()) {
      const family = `${definition.family}:${definition.arn.split(':').at(-1)}`;
      if ([definition.arn, definition.family, family].includes(name)) return definition;
    }
    throw new AwsError('ClientException', 'TaskDefinition not found.');
  };

  const serviceOf = (cluster: string | undefined, name: string): Service | undefined =>
    services.find(
      ({ setting }) => setting.clusterArn === arnOf(cluster) && [setting.arn, setting.name].includes(name),
    );

  const runGrants = (request: RunTaskRequest): Grant[] => {
    const definition = definitionOf(request.taskDefinition);
    const roles = [definition.taskRoleArn, definition.executionRoleArn].filter((arn) => arn !== undefined);
    return [
      { action: 'ecs:RunTask', resource: definition.arn, context: { 'ecs:cluster': arnOf(request.cluster) } },
      ...roles.map((resource) => ({
        action: 'iam:PassRole',
        resource,
        context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
      })),
    ];
  };

  const operations: Readonly<Record<string, (body: unknown) => { grants: Grant[]; run: () => object }>> = {
    RunTask: (body) => {
      const request = parseRequest(runTaskRequest, body);
      return {
        grants: runGrants(request),
        run: () => runTask(clusterOf(request.cluster), definitionOf(request.taskDefinition), request),
      };
    },
    StopTask: (body) => {
      const { cluster, task, reason } = parseRequest(stopTaskRequest, body);
      const resource = clusterOf(cluster).find(task)?.taskArn ?? task;
      return {
        grants: [{ action: 'ecs:StopTask', resource, context: { 'ecs:cluster': arnOf(cluster) } }],
        run: () => ({ task: taskView(clusterOf(cluster).stop(task, reason ?? 'Task stopped by user')) }),
      };
    },
    DescribeTasks: (body) => {
      const { cluster, tasks } = parseRequest(describeTasksRequest, body);
      const context = { 'ecs:cluster': arnOf(cluster) };
      return {
        grants: tasks.map((resource) => ({ action: 'ecs:DescribeTasks', resource, context })),
        run: () => describeTasks(clusterOf(cluster), tasks),
      };
    },
    ListTasks: (body) => {
      const { cluster, ...filter } = parseRequest(listTasksRequest, body);
      return {
        grants: [{ action: 'ecs:ListTasks', resource: '*', context: { 'ecs:cluster': arnOf(cluster) } }],
        run: () => {
          const { desiredStatus = 'RUNNING', startedBy, family, serviceName } = filter;
          const found = clusterOf(cluster)
            .tasks()
            .filter((task) => task.desiredStatus === desiredStatus)
            .filter((task) => startedBy === undefined || task.startedBy === startedBy)
            .filter((task) => family === undefined || task.group === `family:${family}`)
            .filter((task) => serviceName === undefined || task.group === groupOf(serviceName));
          return { taskArns: found.map(({ taskArn }) => taskArn) };
        },
      };
    },
    UpdateService: (body) => {
      const { cluster, service: name, desiredCount } = parseRequest(updateServiceRequest, body);
      const service = serviceOf(cluster, name);
      if (service === undefined) throw new AwsError('ServiceNotFoundException', 'Service not found.');
      return {
        grants: [serviceGrant('ecs:UpdateService', service)],
        run: () => {
          if (desiredCount !== undefined) service.setDesired(desiredCount);
          return { service: serviceView(service) };
        },
      };
    },
    DescribeServices: (body) => {
      const { cluster, services: names } = parseRequest(describeServicesRequest, body);
      const found = names.map((name) => ({ name, service: serviceOf(cluster, name) }));
      return {
        grants: found.map(({ name, service }) =>
          service === undefined
            ? { action: 'ecs:DescribeServices', resource: name }
            : serviceGrant('ecs:DescribeServices', service),
        ),
        run: () => ({
          services: found.flatMap(({ service }) => (service === undefined ? [] : [serviceView(service)])),
          failures: found.flatMap(({ name, service }) =>
            service === undefined ? [{ arn: name, reason: 'MISSING' }] : [],
          ),
        }),
      };
    },
  };

  const operation = async (call: AwsCall) => {
    const prepare = operations[call.target];
    if (prepare === undefined)
      throw new AwsError('UnknownOperationException', `${call.target} is not handled`);
    return prepare(await call.json());
  };

  return {
    protocol: 'json',
    requires: async (call) => (await operation(call)).grants,
    handle: async (call): Promise<AwsReply> => jsonReply((await operation(call)).run()),
  };
}

const serviceGrant = (action: string, { setting }: Service): Grant => ({
  action,
  resource: setting.arn,
  context: { 'ecs:cluster': setting.clusterArn },
});

function runTask(cluster: Cluster, definition: TaskDefinition, request: RunTaskRequest): object {
  if (definition.networkMode === 'awsvpc' && request.networkConfiguration === undefined) {
    const message = "Network Configuration must be provided when networkMode 'awsvpc' is specified.";
    throw new AwsError('InvalidParameterException', message);
  }
  const unknown = request.overrides?.containerOverrides?.find(
    ({ name }) => name !== definition.container.name,
  );
  if (unknown !== undefined) {
    const message = `Override for container named ${unknown.name} is not a container in the TaskDefinition.`;
    throw new AwsError('InvalidParameterException', message);
  }
  const { tasks, failures } = cluster.launch(definition, request);
  return { tasks: tasks.map(taskView), failures };
}

function describeTasks(cluster: Cluster, ids: readonly string[]): object {
  const found = ids.map((id) => ({ id, task: cluster.find(id) }));
  return {
    tasks: found.flatMap(({ task }) => (task === undefined ? [] : [taskView(task)])),
    failures: found.flatMap(({ id, task }) => (task === undefined ? [{ arn: id, reason: 'MISSING' }] : [])),
  };
}
