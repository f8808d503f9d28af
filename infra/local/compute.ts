import type { Adversity } from './adverse.ts';
import { Cluster } from './ecs/cluster.ts';
import { createEcs } from './ecs/service.ts';
import { createServices, type Service } from './ecs/services.ts';
import { taskDefinitions } from './ecs/task-definitions.ts';
import { createMappings, type Mappings } from './event-sources/mappings.ts';
import { AsyncInvoker } from './events/async-invoker.ts';
import { createEventBus, type Publish } from './events/event-bus.ts';
import { Schedules } from './events/schedules.ts';
import { createDelivery } from './events/targets.ts';
import type { Ground } from './ground.ts';
import type { Functions } from './lambda/functions.ts';
import type { LogFiles } from './log-files.ts';
import type { Model } from './model.ts';
import { putObject } from './put-object.ts';
import type { Sqlite } from './services/aws/sqlite.ts';
import type { Stores } from './stores.ts';

export interface ComputeOptions {
  readonly ground: Ground;
  readonly stores: Stores;
  readonly functions: Functions;
  /** Folder for the scratch space of tasks. */
  readonly scratch: string;
  readonly state: Sqlite;
  readonly logs: LogFiles;
  readonly adversity: Adversity | undefined;
  /** What the environment of a container becomes on this machine. */
  readonly localise: (environment: Readonly<Record<string, string>>) => Record<string, string>;
  readonly failed: (error: unknown) => void;
  readonly warn: (text: string) => void;
}

/** Tasks, and everything that sets functions off. */
export interface Compute {
  readonly clusters: readonly Cluster[];
  readonly services: readonly Service[];
  readonly mappings: Mappings;
  readonly invoker: AsyncInvoker;
  readonly schedules: Schedules;
}

/** Wires ECS, event sources and schedules to the functions; starts none of them. */
export async function createCompute(options: ComputeOptions): Promise<Compute> {
  const { ground, stores, functions, state, adversity, failed } = options;
  const { model, roles, gateway, credentials } = ground;
  const sendMessage = (queueArn: string, MessageBody: string) =>
    stores.sqs.invoke('SendMessage', { QueueUrl: queueUrlOf(model, queueArn), MessageBody });
  const invoker = new AsyncInvoker({
    model,
    state,
    functionByArn: (arn) => functions.byArn(arn),
    sendMessage,
  });
  const deliver = createDelivery({ invoker, sendMessage, failed });
  const clusters = await openClusters(options, createEventBus(model, deliver));
  const definitions = taskDefinitions(model);
  const services = createServices(model, clusters, definitions, state);
  gateway.register('ecs', createEcs({ clusters, definitions, services }));
  const mappings = createMappings({
    model,
    functions,
    roles,
    state,
    sqs: stores.sqs,
    streamCall: (action, input) => stores.dynamodb.call(action, input),
    engineStream: stores.engineStream,
    putObject: (roleArn, ...object) => putObject(credentials(roleArn), ...object),
    ...(adversity === undefined ? {} : { arrange: adversity.arrange }),
    failed,
  });
  const schedules = new Schedules(model, deliver, (origin) => invoker.owes(origin));
  return { clusters: [...clusters.values()], services, mappings, invoker, schedules };
}

function queueUrlOf(model: Model, queueArn: string): string {
  const queue = model.ofType('AWS::SQS::Queue').find((one) => one.attribute('Arn') === queueArn);
  if (queue === undefined) throw new Error(`${queueArn} is no queue of the template`);
  return queue.ref;
}

async function openClusters(options: ComputeOptions, publish: Publish): Promise<Map<string, Cluster>> {
  const { ground, state, logs, localise, scratch, adversity, failed, warn } = options;
  const refuses = adversity === undefined ? {} : { refuses: adversity.refusesCapacity };
  const common = {
    state,
    logs,
    publish,
    credentials: ground.credentials,
    localise,
    failed,
    warn,
    scratch,
    ...refuses,
  };
  const opened = await Promise.all(
    ground.model.ofType('AWS::ECS::Cluster').map(async (one) => {
      const arn = one.attribute('Arn');
      return [arn, await Cluster.open({ arn, ...common })] as const;
    }),
  );
  return new Map(opened);
}
