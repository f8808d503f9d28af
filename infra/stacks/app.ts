import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib/core';
import { Trigger } from 'aws-cdk-lib/triggers';
import type { Construct } from 'constructs';
import { type Bundles, type FunctionName, functionNames } from '../bundles.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { bind } from '../constructs/bind.ts';
import { Delivery } from '../constructs/delivery.ts';
import { type Domains, SchoolHttpApi } from '../constructs/http-api.ts';
import { Monitoring } from '../constructs/monitoring.ts';
import { deadLetterQueue, workQueue } from '../constructs/queue.ts';
import { ReaperClock } from '../constructs/reaper-clock.ts';
import { SchoolFunction, type SchoolFunctionProps } from '../constructs/school-function.ts';
import { Secrets } from '../constructs/secrets.ts';
import { readsStream } from '../constructs/stream-reader.ts';
import { Trainer } from '../constructs/trainer.ts';
import { SchoolWebSocketApi } from '../constructs/websocket-api.ts';
import type { SchoolConfig } from '../school-config.ts';

export interface AppStackProps extends StackProps {
  readonly school: SchoolConfig;
  readonly bundles: Bundles;
  readonly domains: Domains;
  readonly table: ITable;
  readonly artifacts: IBucket;
  readonly failures: IBucket;
}

/** Who invokes each function, and how long it may take. */
const invocation: Record<FunctionName, { by: SchoolFunctionProps['invokedBy']; timeout_s: number }> = {
  auth: { by: 'http-api', timeout_s: 20 },
  school: { by: 'http-api', timeout_s: 20 },
  training: { by: 'http-api', timeout_s: 20 },
  realtime: { by: 'http-api', timeout_s: 20 },
  platform: { by: 'http-api', timeout_s: 20 },
  setup: { by: 'deployment', timeout_s: 60 },
  websocket: { by: 'websocket-api', timeout_s: 20 },
  broadcast: { by: 'stream', timeout_s: 60 },
  projector: { by: 'stream', timeout_s: 60 },
  dispatch: { by: 'queue', timeout_s: 30 },
  reaper: { by: 'events', timeout_s: 50 },
};

/** Everything of a school that can be made again: functions, APIs, queues, tasks, delivery, alarms. */
export class AppStack extends Stack {
  readonly #functions: ReadonlyMap<FunctionName, SchoolFunction>;

  constructor(scope: Construct, id: string, props: AppStackProps) {
    super(scope, id, props);
    const { school, bundles, domains, table, artifacts, failures } = props;
    this.#functions = new Map(functionNames.map((name) => [name, this.#makeFunction(name, props)]));
    const fn = (name: FunctionName) => this.#function(name);

    const secrets = new Secrets(this, 'Secrets', school);
    const http = new SchoolHttpApi(this, 'Http', { school, domains, functionOf: fn });
    const websocket = new SchoolWebSocketApi(this, 'WebSocket', school);
    websocket.handledBy(fn('websocket'));
    const trainer = new Trainer(this, 'Trainer', { school, bundles });
    const unparsed = deadLetterQueue(this, 'TrainingQueueFailed');
    const undelivered = deadLetterQueue(this, 'Undelivered');
    const consumerTimeout = Duration.seconds(invocation.dispatch.timeout_s);
    const training = workQueue(this, 'TrainingQueue', { failed: unparsed, consumerTimeout });

    bind(fn('auth'))
      .table(table, 'read', 'write', 'erase')
      .secret('SIGNING_SECRET_ARN', secrets.signing)
      .secret('ORIGIN_SECRET_ARN', secrets.origin);
    bind(fn('school')).table(table, 'read', 'write', 'erase');
    bind(fn('training')).table(table, 'read', 'write').artifacts(artifacts, 'training', 'read');
    bind(fn('realtime')).table(table, 'read', 'write');
    bind(fn('platform')).table(table, 'read');
    bind(fn('setup')).table(table, 'read', 'write', 'erase').secret('ADMIN_SECRET_ARN', secrets.firstAdmin);
    bind(fn('websocket')).table(table, 'read', 'write', 'erase').pushesTo(websocket.stage);
    bind(fn('broadcast')).table(table, 'read', 'write', 'erase').pushesTo(websocket.stage);
    bind(fn('projector')).sendsTo(training);
    bind(fn('dispatch')).table(table, 'read', 'write').sendsTo(training).launches(trainer);
    bind(fn('reaper')).table(table, 'read', 'write', 'erase');
    bind(trainer).table(table, 'read', 'write', 'erase').artifacts(artifacts, 'training', 'read', 'write');

    readsStream(fn('broadcast'), {
      table,
      failures,
      filter: { eventName: ['INSERT'], image: { type: ['event'] } },
    });
    readsStream(fn('projector'), {
      table,
      failures,
      filter: { eventName: ['INSERT', 'MODIFY'], image: { type: ['job'], state: ['queued', 'interrupted'] } },
    });
    consumes(fn('dispatch'), training);
    new ReaperClock(this, 'ReaperClock', { school, reaper: fn('reaper'), trainer, undelivered });
    // Runs at every deploy that changes its code or the school's settings; the function is idempotent.
    new Trigger(this, 'SetupTrigger', { handler: fn('setup').lambda, timeout: Duration.seconds(60) });
    const delivery = new Delivery(this, 'Delivery', {
      school,
      bundles,
      http,
      websocket,
      originSecret: secrets.origin,
    });
    new Monitoring(this, 'Monitoring', {
      school,
      http,
      functions: [...this.#functions.values()],
      streamReaders: [fn('broadcast'), fn('projector')],
      workQueues: [training],
      deadLetterQueues: [unparsed, undelivered],
    });

    new CfnOutput(this, 'Url', { value: `https://${school.domain}` });
    new CfnOutput(this, 'CnameTarget', { value: delivery.distribution.distributionDomainName });
    new CfnOutput(this, 'ApiUrl', { value: http.api.apiEndpoint });
    new CfnOutput(this, 'FirstAdminSecret', { value: secrets.firstAdmin.secretName });
  }

  #makeFunction(name: FunctionName, { school, bundles }: AppStackProps): SchoolFunction {
    const { by, timeout_s } = invocation[name];
    const id = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}Function`;
    return new SchoolFunction(this, id, {
      name,
      school,
      bundles,
      invokedBy: by,
      timeout: Duration.seconds(timeout_s),
    });
  }

  #function(name: FunctionName): SchoolFunction {
    const fn = this.#functions.get(name);
    if (fn === undefined) throw new Error(`The stack has no function "${name}".`);
    return fn;
  }
}

function consumes(fn: SchoolFunction, queue: Queue): void {
  fn.lambda.addEventSource(
    new SqsEventSource(queue, { batchSize: 10, reportBatchItemFailures: true, maxConcurrency: 2 }),
  );
  acknowledge(fn.lambda, {
    'Serverless-LambdaEventSourceMappingDestination':
      'A mapping of a queue has no destination: the queue moves what fails to its dead-letter queue.',
  });
}
