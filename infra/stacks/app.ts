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
import { Grader } from '../constructs/grader.ts';
import { GraderScaling } from '../constructs/grader-scaling.ts';
import { type Domains, SchoolHttpApi } from '../constructs/http-api.ts';
import { LaunchedTask } from '../constructs/launched-task.ts';
import { Monitoring } from '../constructs/monitoring.ts';
import { deadLetterQueue, hiddenFrom, workQueue } from '../constructs/queue.ts';
import { ReaperClock } from '../constructs/reaper-clock.ts';
import { SchoolFunction, type SchoolFunctionProps } from '../constructs/school-function.ts';
import { Secrets } from '../constructs/secrets.ts';
import { readsStream } from '../constructs/stream-reader.ts';
import { TaskCluster } from '../constructs/task-cluster.ts';
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

interface Invocation {
  readonly by: SchoolFunctionProps['invokedBy'];
  readonly timeout_s: number;
  readonly leastMemoryMb?: number;
}

/** To load the largest item banks that may be published takes up to 430 MB: see `mostPublishedBytes`. */
const banksLeastMemoryMb = 512;

/** Who invokes each function, how long it may take, and what it needs beyond what all get. */
const invocation: Record<FunctionName, Invocation> = {
  auth: { by: 'http-api', timeout_s: 20 },
  school: { by: 'http-api', timeout_s: 20 },
  banks: { by: 'http-api', timeout_s: 25, leastMemoryMb: banksLeastMemoryMb },
  testing: { by: 'http-api', timeout_s: 25, leastMemoryMb: banksLeastMemoryMb },
  assessment: { by: 'http-api', timeout_s: 20 },
  training: { by: 'http-api', timeout_s: 20 },
  code: { by: 'http-api', timeout_s: 20 },
  // Python's own parser takes 200 MB, and Lambda gives one whole vCPU at 1,769 MB: it loads in 0.5 s, not in 2.
  validator: { by: 'http-api', timeout_s: 20, leastMemoryMb: 1769 },
  policies: { by: 'http-api', timeout_s: 20 },
  realtime: { by: 'http-api', timeout_s: 20 },
  platform: { by: 'http-api', timeout_s: 20 },
  setup: { by: 'deployment', timeout_s: 60 },
  websocket: { by: 'websocket-api', timeout_s: 20 },
  broadcast: { by: 'stream', timeout_s: 60 },
  projector: { by: 'stream', timeout_s: 60, leastMemoryMb: banksLeastMemoryMb },
  dispatch: { by: 'queue', timeout_s: 30 },
  // a whole vCPU: the largest policy plays its hundred episodes in half a minute
  verifier: { by: 'queue', timeout_s: 120, leastMemoryMb: 1769 },
  reaper: { by: 'events', timeout_s: 50, leastMemoryMb: banksLeastMemoryMb },
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
    const tasks = new TaskCluster(this, 'Tasks', school);
    const trainer = new LaunchedTask(this, 'Trainer', { name: 'trainer', school, bundles, tasks });
    const calibrator = new LaunchedTask(this, 'Calibrator', { name: 'calibrator', school, bundles, tasks });
    const grader = new Grader(this, 'Grader', { school, bundles, tasks });
    const trainingFailed = deadLetterQueue(this, 'TrainingQueueFailed');
    const gradingFailed = deadLetterQueue(this, 'GradingQueueFailed');
    const verificationFailed = deadLetterQueue(this, 'VerificationQueueFailed');
    const undelivered = deadLetterQueue(this, 'Undelivered');
    const hidden = hiddenFrom(Duration.seconds(invocation.dispatch.timeout_s));
    const training = workQueue(this, 'TrainingQueue', { failed: trainingFailed, hidden });
    const verification = workQueue(this, 'VerificationQueue', {
      failed: verificationFailed,
      hidden: hiddenFrom(Duration.seconds(invocation.verifier.timeout_s)),
    });
    // A grader deletes the message as soon as it has claimed a job.
    const grading = workQueue(this, 'GradingQueue', { failed: gradingFailed, hidden: Duration.seconds(30) });
    new GraderScaling(this, 'GraderScaling', { school, service: grader.service, queue: grading });

    bind(fn('auth'))
      .table(table, 'read', 'write', 'erase')
      .secret('SIGNING_SECRET_ARN', secrets.signing)
      .secret('ORIGIN_SECRET_ARN', secrets.origin);
    bind(fn('school')).table(table, 'read', 'write', 'erase');
    bind(fn('banks'))
      .table(table, 'read', 'write', 'erase')
      .artifacts(artifacts, 'banks', 'read', 'write')
      .artifacts(artifacts, 'calibrations', 'read');
    bind(fn('testing')).table(table, 'read', 'write', 'erase').artifacts(artifacts, 'banks', 'read');
    bind(fn('assessment')).table(table, 'read', 'write', 'erase');
    bind(fn('training'))
      .table(table, 'read', 'write')
      .artifacts(artifacts, 'training', 'read')
      .artifacts(artifacts, 'checkpoints', 'read');
    bind(fn('code'))
      .table(table, 'read', 'write', 'erase')
      .secret('RECEIPT_SECRET_ARN', secrets.receipts)
      .asksFor(grader);
    bind(fn('validator')).table(table, 'read');
    bind(fn('policies')).table(table, 'read', 'write').artifacts(artifacts, 'training', 'read', 'write');
    bind(fn('realtime')).table(table, 'read', 'write');
    bind(fn('platform')).table(table, 'read');
    bind(fn('setup'))
      .table(table, 'read', 'write', 'erase')
      .artifacts(artifacts, 'banks', 'read', 'write')
      .secret('ADMIN_SECRET_ARN', secrets.firstAdmin);
    bind(fn('websocket')).table(table, 'read', 'write', 'erase').pushesTo(websocket.stage);
    bind(fn('broadcast')).table(table, 'read', 'write', 'erase').pushesTo(websocket.stage);
    bind(fn('projector'))
      .table(table, 'read', 'write')
      // what a test that has ended says of its student and its items follows from its bank's parameters
      .artifacts(artifacts, 'banks', 'read')
      .sendsTo('TRAINING_QUEUE_URL', training)
      .sendsTo('GRADING_QUEUE_URL', grading)
      .sendsTo('VERIFICATION_QUEUE_URL', verification);
    bind(fn('dispatch'))
      .table(table, 'read', 'write')
      .sendsTo('TRAINING_QUEUE_URL', training)
      .launches(trainer)
      .launches(calibrator);
    bind(fn('verifier'))
      .table(table, 'read', 'write')
      .artifacts(artifacts, 'training', 'read', 'write')
      .secret('BOARD_SECRET_ARN', secrets.boards);
    bind(grader.task).table(table, 'read', 'write', 'erase').consumes('GRADING_QUEUE_URL', grading);
    bind(fn('reaper'))
      .table(table, 'read', 'write', 'erase')
      // tests whose time is over are estimated with their bank's items
      .artifacts(artifacts, 'banks', 'read');
    bind(trainer)
      .table(table, 'read', 'write', 'erase')
      .artifacts(artifacts, 'training', 'read', 'write')
      .artifacts(artifacts, 'checkpoints', 'write');

    bind(calibrator)
      .table(table, 'read', 'write')
      .artifacts(artifacts, 'banks', 'read')
      .artifacts(artifacts, 'calibrations', 'write');

    readsStream(fn('broadcast'), {
      table,
      failures,
      filters: [
        { eventName: ['INSERT'], image: { type: ['event'] } },
        // of a test its newest state is its own event
        { eventName: ['INSERT', 'MODIFY'], image: { type: ['exam_state'] } },
      ],
    });
    readsStream(fn('projector'), {
      table,
      failures,
      filters: [
        { eventName: ['INSERT', 'MODIFY'], image: { type: ['job'], state: ['queued', 'interrupted'] } },
        { eventName: ['INSERT', 'MODIFY'], image: { type: ['exam_session'] } },
        {
          eventName: ['MODIFY'],
          image: { type: ['exam_state'], status: ['completed', 'abandoned', 'expired'] },
        },
      ],
    });
    consumes(fn('dispatch'), training, 10);
    consumes(fn('verifier'), verification, 1);
    new ReaperClock(this, 'ReaperClock', { school, reaper: fn('reaper'), tasks, undelivered });
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
      workQueues: [
        { queue: training, patience: Duration.minutes(15) },
        { queue: grading, patience: Duration.minutes(5) },
        { queue: verification, patience: Duration.minutes(15) },
      ],
      deadLetterQueues: [trainingFailed, gradingFailed, verificationFailed, undelivered],
      graders: grader.service,
    });

    new CfnOutput(this, 'Url', { value: `https://${school.domain}` });
    new CfnOutput(this, 'CnameTarget', { value: delivery.distribution.distributionDomainName });
    new CfnOutput(this, 'ApiUrl', { value: http.api.apiEndpoint });
    new CfnOutput(this, 'FirstAdminSecret', { value: secrets.firstAdmin.secretName });
  }

  #makeFunction(name: FunctionName, { school, bundles }: AppStackProps): SchoolFunction {
    const { by, timeout_s, leastMemoryMb } = invocation[name];
    const id = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}Function`;
    return new SchoolFunction(this, id, {
      name,
      school,
      bundles,
      invokedBy: by,
      timeout: Duration.seconds(timeout_s),
      leastMemoryMb,
    });
  }

  #function(name: FunctionName): SchoolFunction {
    const fn = this.#functions.get(name);
    if (fn === undefined) throw new Error(`The stack has no function "${name}".`);
    return fn;
  }
}

function consumes(fn: SchoolFunction, queue: Queue, batchSize: number): void {
  fn.lambda.addEventSource(
    new SqsEventSource(queue, { batchSize, reportBatchItemFailures: true, maxConcurrency: 2 }),
  );
  acknowledge(fn.lambda, {
    'Serverless-LambdaEventSourceMappingDestination':
      'A mapping of a queue has no destination: the queue moves what fails to its dead-letter queue.',
  });
}
