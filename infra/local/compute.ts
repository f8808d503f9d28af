import { mkdirSync } from 'node:fs';
import type { Adversity } from './adverse.ts';
import type { AwsServices } from './aws-services.ts';
import { createAwsCredentials } from './credentials.ts';
import type { DataFolder } from './data-folder.ts';
import { Cluster } from './ecs/cluster.ts';
import { createEcs } from './ecs/service.ts';
import { taskDefinitions } from './ecs/task-definitions.ts';
import { createMappings, type Mappings } from './event-sources/mappings.ts';
import { AsyncInvoker } from './events/async-invoker.ts';
import { createEventBus } from './events/event-bus.ts';
import { Schedules } from './events/schedules.ts';
import { createDelivery } from './events/targets.ts';
import type { FunctionObserver } from './lambda/function.ts';
import { Functions } from './lambda/functions.ts';
import type { LogFiles } from './log-files.ts';
import { putObject } from './put-object.ts';
import type { Sqlite } from './services/aws/sqlite.ts';

export interface ComputeOptions {
  readonly services: AwsServices;
  readonly data: DataFolder;
  readonly state: Sqlite;
  readonly logs: LogFiles;
  readonly observer: FunctionObserver;
  readonly adversity: Adversity | undefined;
  /** What the environment of a function or container becomes on this machine. */
  readonly localise: (environment: Readonly<Record<string, string>>) => Record<string, string>;
  readonly failed: (error: unknown) => void;
}

/** Everything that runs code: functions, tasks, and what sets them off. */
export interface Compute {
  readonly functions: Functions;
  readonly clusters: readonly Cluster[];
  readonly mappings: Mappings;
  readonly invoker: AsyncInvoker;
  readonly schedules: Schedules;
}

/** Wires functions, ECS, event sources and schedules; starts none of them. */
export async function createCompute(options: ComputeOptions): Promise<Compute> {
  const { services, data, state, observer, adversity, localise, failed } = options;
  const { model, roles, sqs } = services;
  const credentials = createAwsCredentials(model.region, services.gateway.url, roles);
  const scratch = data.at('tmp');
  mkdirSync(scratch, { recursive: true });

  const functions = new Functions({ model, observer, credentials, localise, scratch });
  const sendMessage = (queueArn: string, MessageBody: string) =>
    sqs.invoke('SendMessage', { QueueUrl: queueUrlOf(services, queueArn), MessageBody });
  const invoker = new AsyncInvoker({
    model,
    state,
    functionByArn: (arn) => functions.byArn(arn),
    sendMessage,
  });
  const deliver = createDelivery({ invoker, sendMessage, failed });
  const publish = createEventBus(model, deliver);
  const schedules = new Schedules(model, deliver, (origin) => invoker.owes(origin));

  const clusters = await openClusters({ ...options, publish, credentials, scratch });
  services.gateway.register('ecs', createEcs({ clusters, definitions: taskDefinitions(model) }));
  const mappings = createMappings({
    model,
    functions,
    roles,
    state,
    sqs,
    streamCall: (action, input) => services.dynamodb.call(action, input),
    engineStream: services.engineStream,
    putObject: (roleArn, ...object) => putObject(credentials(roleArn), ...object),
    ...(adversity === undefined ? {} : { arrange: adversity.arrange }),
    failed,
  });
  return { functions, clusters: [...clusters.values()], mappings, invoker, schedules };
}

function queueUrlOf({ model }: AwsServices, queueArn: string): string {
  const queue = model.ofType('AWS::SQS::Queue').find((one) => one.attribute('Arn') === queueArn);
  if (queue === undefined) throw new Error(`${queueArn} is no queue of the template`);
  return queue.ref;
}

type ClusterInput = ComputeOptions & {
  readonly publish: ReturnType<typeof createEventBus>;
  readonly credentials: ReturnType<typeof createAwsCredentials>;
  readonly scratch: string;
};

async function openClusters(input: ClusterInput): Promise<Map<string, Cluster>> {
  const { services, state, logs, publish, credentials, localise, scratch, adversity, failed } = input;
  const refuses = adversity === undefined ? {} : { refuses: adversity.refusesCapacity };
  const opened = await Promise.all(
    services.model.ofType('AWS::ECS::Cluster').map(async (one) => {
      const arn = one.attribute('Arn');
      const common = { state, logs, publish, credentials, localise, failed, ...refuses };
      return [arn, await Cluster.open({ arn, scratch: `${scratch}/tasks`, ...common })] as const;
    }),
  );
  return new Map(opened);
}
