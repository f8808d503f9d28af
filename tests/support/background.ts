/**
 * What runs behind the API, loaded into this process: dispatcher, reaper, projector, socket and broadcast. Their
 * table and queue are real; ECS and the sockets' management API write down what they are told.
 */
import { join } from 'node:path';
import * as z from 'zod';
import { adminKeyId, type Fault, localSecret, startGateway } from '#infra/local/gateway.ts';
import { AwsError, type AwsService, jsonReply } from '#infra/local/services/aws/call.ts';
import { createSqs } from '#infra/local/services/sqs/index.ts';
import { scratch } from './scratch.ts';

const place = { region: 'eu-west-1', account: '000000000000' };

const launch = z.object({
  taskDefinition: z.string(),
  clientToken: z.string(),
  startedBy: z.string(),
  count: z.number(),
  overrides: z.object({
    containerOverrides: z.array(
      z.object({ name: z.string(), environment: z.array(z.object({ name: z.string(), value: z.string() })) }),
    ),
  }),
});
export type Launch = z.output<typeof launch>;

/** ECS that starts nothing; `answers` are what the calls to come get, one each, then success. */
function recordingEcs() {
  const launches: Launch[] = [];
  const answers: ('refuse' | 'throw')[] = [];
  const service: AwsService = {
    protocol: 'json',
    requires: ({ target }) => [{ action: `ecs:${target}`, resource: '*' }],
    handle: async (call) => {
      launches.push(launch.parse(await call.json()));
      const answer = answers.shift();
      if (answer === 'throw') throw new AwsError('ServerException', 'Service Unavailable', { status: 500 });
      if (answer === 'refuse') return jsonReply({ tasks: [], failures: [{ reason: 'RESOURCE:MEMORY' }] });
      return jsonReply({ tasks: [{ taskArn: `arn:task/${launches.length}` }], failures: [] });
    },
  };
  return { service, launches, answers };
}

/** The sockets: what each was sent, in order, and which were closed. */
function recordingSockets() {
  const sent = new Map<string, Record<string, unknown>[]>();
  const closed: string[] = [];
  const gone = new Set<string>();
  const failing = new Set<string>();
  const service: AwsService = {
    protocol: 'rest-json',
    requires: () => [{ action: 'execute-api:ManageConnections', resource: '*' }],
    handle: async (call) => {
      const id = decodeURIComponent(call.path.split('/').at(-1) ?? '');
      if (gone.has(id)) throw new AwsError('GoneException', 'The connection is gone', { status: 410 });
      if (failing.has(id)) throw new AwsError('ForbiddenException', 'no', { status: 403 });
      if (call.method === 'DELETE') {
        closed.push(id);
        return { status: 204 };
      }
      sent.set(id, [...(sent.get(id) ?? []), await call.json()]);
      return { status: 200 };
    },
  };
  const of = (id: string) => sent.get(id) ?? [];
  return { service, of, closed, gone, failing, clear: (id: string) => sent.delete(id) };
}

/** Sets the environment of the functions; call it before `aSchool()`, which loads the shared clients. */
export async function startBackground() {
  const folder = scratch('background');
  let meet: () => Fault | undefined = () => undefined;
  const gateway = await startGateway({
    ...place,
    principals: new Map(),
    inject: ({ action }) => (action.startsWith('sqs:') ? meet() : undefined),
  });
  const sqs = createSqs({ file: join(folder, 'sqs.db'), baseUrl: gateway.url, ...place });
  const queueUrl = sqs.ensureQueue('training', { VisibilityTimeout: '30' });
  const verificationUrl = sqs.ensureQueue('verification', { VisibilityTimeout: '30' });
  const gradingUrl = sqs.ensureQueue('grading', { VisibilityTimeout: '30' });
  const ecs = recordingEcs();
  const sockets = recordingSockets();
  gateway.register('sqs', sqs);
  gateway.register('ecs', ecs.service);
  gateway.register('execute-api', sockets.service);
  Object.assign(process.env, {
    AWS_REGION: place.region,
    AWS_ACCESS_KEY_ID: adminKeyId,
    AWS_SECRET_ACCESS_KEY: localSecret,
    AWS_ENDPOINT_URL_ECS: gateway.url,
    AWS_ENDPOINT_URL_SQS: gateway.url,
    AWS_MAX_ATTEMPTS: '1',
    TRAINING_QUEUE_URL: queueUrl,
    GRADING_QUEUE_URL: gradingUrl,
    VERIFICATION_QUEUE_URL: verificationUrl,
    WEBSOCKET_ENDPOINT: `${gateway.url}/ws`,
    ARTIFACTS_BUCKET: 'artifacts',
    CLUSTER_ARN: 'arn:aws:ecs:eu-west-1:000000000000:cluster/school',
    TRAINER_TASK_DEFINITION_ARN: 'arn:aws:ecs:eu-west-1:000000000000:task-definition/trainer:1',
    TRAINER_CONTAINER: 'trainer',
    CALIBRATOR_TASK_DEFINITION_ARN: 'arn:aws:ecs:eu-west-1:000000000000:task-definition/calibrator:1',
    CALIBRATOR_CONTAINER: 'calibrator',
    TASK_SUBNETS: 'subnet-1,subnet-2',
    TASK_SECURITY_GROUP: 'sg-1',
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  /** Job ids in a queue, which has none of them any more. */
  const ringsOf = async (url: string) => {
    const found: { job_id: string }[] = [];
    for (;;) {
      const { Messages } = z
        .object({ Messages: z.array(z.object({ Body: z.string() })).optional() })
        .parse(await sqs.invoke('ReceiveMessage', { QueueUrl: url, MaxNumberOfMessages: 10 }));
      if (!Messages || Messages.length === 0) return found.map(({ job_id }) => job_id);
      found.push(...Messages.map(({ Body }) => JSON.parse(Body)));
    }
  };
  const delayed = async (): Promise<number> => {
    const { Attributes } = z
      .object({ Attributes: z.record(z.string(), z.string()) })
      .parse(await sqs.invoke('GetQueueAttributes', { QueueUrl: queueUrl, AttributeNames: ['All'] }));
    return Number(Attributes['ApproximateNumberOfMessagesDelayed']);
  };
  return {
    launches: ecs.launches,
    answers: ecs.answers,
    sockets,
    rings: () => ringsOf(queueUrl),
    gradingRings: () => ringsOf(gradingUrl),
    delayed,
    /** From now on calls of SQS meet these faults; without an argument none. */
    meet: (next: () => Fault | undefined = () => undefined) => {
      meet = next;
    },
    stop: async () => {
      await gateway.close();
      sqs.close();
    },
  };
}
