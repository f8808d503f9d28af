import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { SchoolConfig } from '../school-config.ts';

/** A log group that keeps its lines as long as the school's file says, and goes with its stack. */
export function logGroup(scope: Construct, id: string, school: SchoolConfig): LogGroup {
  const retention: RetentionDays = school.retention.logs_days;
  return new LogGroup(scope, id, { retention, removalPolicy: RemovalPolicy.DESTROY });
}
