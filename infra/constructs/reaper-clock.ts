import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { SchoolConfig } from '../school-config.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { SchoolFunction } from './school-function.ts';
import type { TaskCluster } from './task-cluster.ts';

export interface ReaperClockProps {
  readonly school: SchoolConfig;
  readonly reaper: SchoolFunction;
  readonly tasks: TaskCluster;
  /** Takes the events that could not be delivered. */
  readonly undelivered: Queue;
}

/** Wakes the reaper: every minute, and as soon as a task of the cluster has stopped. */
export class ReaperClock extends Construct {
  constructor(scope: Construct, id: string, props: ReaperClockProps) {
    super(scope, id);
    const { school, tasks, undelivered } = props;
    const reaper = props.reaper.lambda;
    const limits = { retryAttempts: 2, maxEventAge: Duration.minutes(5) };
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
    new Schedule(this, 'EveryMinute', {
      description: `Returns expired leases of ${school.name}`,
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      target: new LambdaInvoke(reaper, { ...limits, deadLetterQueue: undelivered, role }),
    });
    new Rule(this, 'TaskStopped', {
      description: 'A trainer or grader has stopped, for whatever reason',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: { clusterArn: [tasks.cluster.clusterArn], lastStatus: ['STOPPED'] },
      },
      targets: [new LambdaFunction(reaper, { ...limits, deadLetterQueue: undelivered })],
    });
    reaper.configureAsyncInvoke({ ...limits, onFailure: new SqsDestination(undelivered) });
    const versions = `${reaper.functionArn}:*`;
    acknowledgeWildcard(
      role,
      versions,
      'Versions and aliases of the one function that the schedule invokes.',
    );
  }
}
