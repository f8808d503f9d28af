import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Bundles, FunctionName } from '../bundles.ts';
import { functionSettings, type SchoolConfig } from '../school-config.ts';
import { acknowledge } from './acknowledge.ts';
import type { Workload } from './bind.ts';
import { logGroup } from './log-group.ts';

export interface SchoolFunctionProps {
  readonly name: FunctionName;
  readonly school: SchoolConfig;
  readonly bundles: Bundles;
  /** Who waits for the result; decides where an unhandled failure goes. */
  readonly invokedBy: 'http-api' | 'websocket-api' | 'stream' | 'queue' | 'events' | 'deployment';
  readonly timeout: Duration;
  /** When the function needs more than the school's file gives to all. */
  readonly leastMemoryMb?: number;
}

/** Why a function needs no dead-letter queue of its own: what happens to an invocation that fails. */
const failurePath: Record<SchoolFunctionProps['invokedBy'], string> = {
  'http-api': 'The HTTP API invokes it synchronously: the client sees the failure and retries.',
  'websocket-api': 'The WebSocket API invokes it synchronously: the client sees the failure and reconnects.',
  stream: 'The stream mapping retries, bisects and hands what still fails to the on-failure bucket.',
  queue: 'The queue redelivers and moves what still fails to its own dead-letter queue.',
  events: 'Its asynchronous invocations have an on-failure destination, which replaces the older setting.',
  deployment: 'The deployment invokes it synchronously and fails with it.',
};

/** A Lambda function of the platform, with its own log group and a role that can do nothing else yet. */
export class SchoolFunction extends Construct implements Workload {
  readonly name: FunctionName;
  readonly lambda: LambdaFunction;
  readonly grantPrincipal: Role;

  constructor(scope: Construct, id: string, props: SchoolFunctionProps) {
    super(scope, id);
    this.name = props.name;
    const { school } = props;
    const logs = logGroup(this, 'Logs', school);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logs.grantWrite(role);
    this.lambda = new LambdaFunction(this, 'Function', {
      description: `${props.name} of ${school.name}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: school.capacity.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
      handler: 'index.handler',
      code: Code.fromAsset(props.bundles.functions(props.name)),
      memorySize: Math.max(school.capacity.lambda_memory_mb, props.leastMemoryMb ?? 0),
      timeout: props.timeout,
      role,
      logGroup: logs,
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      tracing: Tracing.ACTIVE,
      environment: commonEnvironment(school, props.name),
    });
    this.grantPrincipal = role;
    this.#acknowledge(role, props.invokedBy);
  }

  setEnvironment(name: string, value: string): void {
    this.lambda.addEnvironment(name, value);
  }

  #acknowledge(role: Role, invokedBy: SchoolFunctionProps['invokedBy']): void {
    acknowledge(role, {
      'AwsSolutions-IAM5[Resource::*]':
        'The two put actions of X-Ray take no resource; our own check allows the star with nothing else.',
    });
    acknowledge(this.lambda, { 'Serverless-LambdaDLQ': failurePath[invokedBy] });
  }
}

/** What every workload of a school knows. */
export function commonEnvironment(school: SchoolConfig, service: string): Record<string, string> {
  return {
    SCHOOL: school.name,
    SCHOOL_SETTINGS: JSON.stringify(functionSettings(school)),
    PUBLIC_ORIGINS: `https://${school.domain}`,
    POWERTOOLS_SERVICE_NAME: service,
    POWERTOOLS_METRICS_NAMESPACE: 'Lyceum',
    LOG_LEVEL: 'INFO',
  };
}
