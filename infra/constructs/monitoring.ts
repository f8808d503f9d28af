import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { SchoolConfig } from '../school-config.ts';
import { acknowledge } from './acknowledge.ts';
import type { SchoolHttpApi } from './http-api.ts';
import type { SchoolFunction } from './school-function.ts';

export interface MonitoringProps {
  readonly school: SchoolConfig;
  readonly http: SchoolHttpApi;
  readonly functions: readonly SchoolFunction[];
  readonly streamReaders: readonly SchoolFunction[];
  /** With how long a message may wait. */
  readonly workQueues: readonly { readonly queue: Queue; readonly patience: Duration }[];
  readonly deadLetterQueues: readonly Queue[];
  readonly graders: FargateService;
}

const minutes = (period: number) => ({ period: Duration.minutes(period) });

/** The alarms of a school, mailed to its address, and one dashboard. */
export class Monitoring extends Construct {
  readonly #topic: Topic;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    this.#topic = alarmTopic(this, props.school);
    this.#watchApi(props.http);
    this.#watchFunctions(props);
    this.#watchQueues(props);
    this.#drawDashboard(props);
  }

  #watchApi({ api }: SchoolHttpApi): void {
    this.#alarm('ServerErrors', 'The HTTP API answered with 5xx', {
      metric: api.metricServerError({ ...minutes(5), statistic: 'Sum' }),
      threshold: 5,
      evaluationPeriods: 1,
    });
  }

  #watchFunctions({ functions, streamReaders }: MonitoringProps): void {
    for (const { name, lambda } of functions) {
      this.#alarm(`Errors-${name}`, `The function ${name} failed`, {
        metric: lambda.metricErrors(minutes(5)),
        threshold: 3,
        evaluationPeriods: 1,
      });
    }
    for (const { name, lambda } of streamReaders) {
      this.#alarm(`Late-${name}`, `The function ${name} is more than a minute behind the stream`, {
        metric: lambda.metric('IteratorAge', { ...minutes(1), statistic: 'Maximum' }),
        threshold: 60_000,
        evaluationPeriods: 3,
      });
    }
  }

  #watchQueues({ workQueues, deadLetterQueues }: MonitoringProps): void {
    for (const { queue, patience } of workQueues) {
      const long = `longer than ${patience.toMinutes()} minutes`;
      this.#alarm(`Waiting-${queue.node.id}`, `A message waits ${long} in ${queue.node.id}`, {
        metric: queue.metricApproximateAgeOfOldestMessage({ ...minutes(5), statistic: 'Maximum' }),
        threshold: patience.toSeconds(),
        evaluationPeriods: 1,
      });
    }
    for (const queue of deadLetterQueues) {
      this.#alarm(`Dead-${queue.node.id}`, `Nobody could process a message: ${queue.node.id}`, {
        metric: queue.metricApproximateNumberOfMessagesVisible({ ...minutes(5), statistic: 'Maximum' }),
        threshold: 1,
        evaluationPeriods: 1,
      });
    }
  }

  #alarm(id: string, alarmDescription: string, props: AlarmProps): void {
    const alarm = new Alarm(this, id, {
      alarmDescription,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...props,
    });
    alarm.addAlarmAction(new SnsAction(this.#topic));
    alarm.addOkAction(new SnsAction(this.#topic));
  }

  #drawDashboard(props: MonitoringProps): void {
    const { api } = props.http;
    const workQueues = props.workQueues.map(({ queue }) => queue);
    const lambdas = props.functions.map(({ lambda }) => lambda);
    const graph = (title: string, left: IMetric[], right: IMetric[] = []) =>
      new GraphWidget({ title, left, right, width: 12 });
    const dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.hours(12) });
    dashboard.addWidgets(
      graph('Requests and errors', [api.metricCount(), api.metricClientError(), api.metricServerError()]),
      graph('Latency', [api.metricLatency({ statistic: 'p50' }), api.metricLatency({ statistic: 'p99' })]),
      graph(
        'Function errors',
        lambdas.map((fn) => fn.metricErrors()),
      ),
      graph(
        'Function duration (p99)',
        lambdas.map((fn) => fn.metricDuration({ statistic: 'p99' })),
      ),
      graph(
        'Stream lag',
        props.streamReaders.map(({ lambda }) => lambda.metric('IteratorAge', { statistic: 'Maximum' })),
      ),
      graph(
        'Queues',
        [...workQueues, ...props.deadLetterQueues].map((q) => q.metricApproximateNumberOfMessagesVisible()),
        workQueues.map((queue) => queue.metricApproximateAgeOfOldestMessage()),
      ),
      graph('Graders', [props.graders.metricCpuUtilization(), props.graders.metricMemoryUtilization()]),
    );
  }
}

function alarmTopic(scope: Construct, school: SchoolConfig): Topic {
  const topic = new Topic(scope, 'Alarms', { displayName: `Lyceum ${school.name}`, enforceSSL: true });
  // A topic policy replaces the default one, which had let CloudWatch publish.
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
  topic.addSubscription(new EmailSubscription(school.alarms_email));
  acknowledge(topic, {
    'Serverless-SNSRedrivePolicy':
      'SNS retries an e-mail itself, and the alarm’s state stays in CloudWatch and on the dashboard.',
  });
  return topic;
}
