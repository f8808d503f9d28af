import {
  AdjustmentType,
  type CronOptions,
  MetricAggregationType,
  Schedule,
  StepScalingAction,
} from 'aws-cdk-lib/aws-applicationautoscaling';
import { Alarm, ComparisonOperator, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { ApplicationScalingAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { FargateService, ScalableTaskCount } from 'aws-cdk-lib/aws-ecs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration, TimeZone } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { SchoolConfig } from '../school-config.ts';

export interface GraderScalingProps {
  readonly school: SchoolConfig;
  readonly service: FargateService;
  readonly queue: Queue;
}

/** Seconds that a program may wait before another grader, which starts within 45 to 90 s, is worth its while. */
const patience = { one: 30, several: 90 };

/** Below these a wait is no backlog: a message that nobody can parse waits as well, until it is given up. */
const leastWaiting = 10;

/** What one grader does with ease in an hour, and how long it must have been enough. */
const ofOneGrader = { messages: 3600, time: Duration.hours(1) };

/**
 * How many graders run: at least one in school hours, none outside them unless a student asks for it, more when the
 * backlog of each takes longer than another one takes to start.
 *
 * Target tracking can't do it: there is no backlog per task where no task runs, and it would take away at once the
 * task that was asked for before the first submission. The backlog of each grader is measured as the time that it
 * takes, which SQS tells; the number of running tasks is a paid metric.
 */
export class GraderScaling extends Construct {
  readonly #props: GraderScalingProps;

  constructor(scope: Construct, id: string, props: GraderScalingProps) {
    super(scope, id);
    this.#props = props;
    const { max_graders } = props.school.capacity;
    const count = props.service.autoScaleTaskCount({ minCapacity: 0, maxCapacity: max_graders });
    this.#followSchoolHours(count);
    this.#grow(count);
    this.#shrink(count);
  }

  #followSchoolHours(count: ScalableTaskCount): void {
    const { school_hours, time_zone } = this.#props.school;
    const weekDay = school_hours.days.map((day) => day.toUpperCase()).join(',');
    const timeZone = TimeZone.of(time_zone);
    const at = (clock: string): CronOptions => {
      const [hour, minute] = clock.split(':').map(Number);
      return { hour: String(hour), minute: String(minute), weekDay };
    };
    count.scaleOnSchedule('SchoolBegins', {
      schedule: Schedule.cron(at(school_hours.from)),
      timeZone,
      minCapacity: 1,
    });
    // What still has work is left alone; the idle ones go as they do in school hours.
    count.scaleOnSchedule('SchoolEnds', {
      schedule: Schedule.cron(at(school_hours.to)),
      timeZone,
      minCapacity: 0,
    });
  }

  #grow(count: ScalableTaskCount): void {
    const { queue } = this.#props;
    const period = Duration.minutes(1);
    const alarm = new Alarm(this, 'Behind', {
      alarmDescription: 'Programs wait longer than is worth another grader',
      metric: new MathExpression({
        label: 'Seconds that a backlog waits',
        expression: `IF(waiting >= ${leastWaiting}, age, 0)`,
        usingMetrics: {
          waiting: queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
          age: queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum' }),
        },
        period,
      }),
      threshold: patience.one,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    const more = new StepScalingAction(this, 'More', {
      scalingTarget: count,
      adjustmentType: AdjustmentType.CHANGE_IN_CAPACITY,
      metricAggregationType: MetricAggregationType.MAXIMUM,
      // Until the new one takes its share of the backlog.
      cooldown: Duration.minutes(2),
    });
    // Bounds are distances from the alarm's threshold.
    const step = patience.several - patience.one;
    more.addAdjustment({ lowerBound: 0, upperBound: step, adjustment: 1 });
    more.addAdjustment({ lowerBound: step, adjustment: 3 });
    alarm.addAlarmAction(new ApplicationScalingAction(more));
  }

  #shrink(count: ScalableTaskCount): void {
    const { queue, service } = this.#props;
    const { messages, time } = ofOneGrader;
    // Each task reports at least once a minute: one that was just asked for has not reported that often.
    const reports = 50;
    const alarm = new Alarm(this, 'Spare', {
      alarmDescription: 'For an hour one grader, or none, would have been enough',
      metric: new MathExpression({
        label: 'Messages while a grader ran',
        expression: `IF(FILL(running, 0) >= ${reports}, FILL(sent, 0), ${messages} + 1)`,
        usingMetrics: {
          running: service.metricCpuUtilization({ statistic: 'SampleCount' }),
          sent: queue.metricNumberOfMessagesSent({ statistic: 'Sum' }),
        },
        period: time,
      }),
      threshold: messages,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    const fewer = new StepScalingAction(this, 'Fewer', {
      scalingTarget: count,
      adjustmentType: AdjustmentType.EXACT_CAPACITY,
      // The hour that has passed must not take away what is asked for after it.
      cooldown: time,
    });
    // One when there were any messages, none when there were not; in school hours one is the least.
    fewer.addAdjustment({ lowerBound: 0.5 - messages, upperBound: 0, adjustment: 1 });
    fewer.addAdjustment({ upperBound: 0.5 - messages, adjustment: 0 });
    alarm.addAlarmAction(new ApplicationScalingAction(fewer));
  }
}
