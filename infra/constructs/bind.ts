import type { WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { indexNames } from '#shared/table/entity.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { Grader } from './grader.ts';
import type { LaunchedTask } from './launched-task.ts';

/** Something that runs code of ours: a Lambda function or a Fargate task. */
export interface Workload extends IGrantable {
  readonly grantPrincipal: IRole;
  setEnvironment(name: string, value: string): void;
}

/**
 * What each kind of access to the table allows. Transactions need the actions of their parts. Nobody scans,
 * and only what removes items may delete.
 */
const tableActions = {
  read: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:ConditionCheckItem'],
  write: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
  erase: ['dynamodb:DeleteItem'],
} as const;
export type TableAccess = keyof typeof tableActions;

/** First parts of the keys of objects in the artifacts bucket. */
export const artifactPrefixes = ['training', 'checkpoints', 'banks', 'calibrations'] as const;
type ArtifactPrefix = (typeof artifactPrefixes)[number];

const objectActions = { read: 's3:GetObject', write: 's3:PutObject' } as const;

const consumerActions = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:ChangeMessageVisibility',
  'sqs:GetQueueAttributes',
] as const;
type QueueVariable = 'TRAINING_QUEUE_URL' | 'GRADING_QUEUE_URL' | 'VERIFICATION_QUEUE_URL';

type Conditions = Record<string, Record<string, string>>;

type SecretVariable = `${'SIGNING' | 'RECEIPT' | 'ADMIN' | 'ORIGIN' | 'BOARD'}_SECRET_ARN`;

/** Gives a workload the variables and the permissions for what it uses; one call, so that they can't drift. */
export function bind(workload: Workload): Binding {
  return new Binding(workload);
}

class Binding {
  readonly #workload: Workload;

  constructor(workload: Workload) {
    this.#workload = workload;
  }

  table(table: ITable, ...access: TableAccess[]): this {
    this.#workload.setEnvironment('TABLE_NAME', table.tableName);
    const actions = access.flatMap((kind) => tableActions[kind]);
    this.#allow(actions, [table.tableArn]);
    const indexes = indexNames.map((index) => `${table.tableArn}/index/${index}`);
    if (access.includes('read')) this.#allow(['dynamodb:Query'], indexes);
    return this;
  }

  artifacts(bucket: IBucket, prefix: ArtifactPrefix, ...access: (keyof typeof objectActions)[]): this {
    this.#workload.setEnvironment('ARTIFACTS_BUCKET', bucket.bucketName);
    const objects = bucket.arnForObjects(`${prefix}/*`);
    const actions = access.map((kind) => objectActions[kind]);
    this.#allow(actions, [objects]);
    const reason = `Objects are named after their job; ${prefix}/ keeps the files of other work out of reach.`;
    acknowledgeWildcard(this.#workload.grantPrincipal, objects, reason);
    return this;
  }

  secret(variable: SecretVariable, secret: ISecret): this {
    this.#workload.setEnvironment(variable, secret.secretArn);
    return this.#allow(['secretsmanager:GetSecretValue'], [secret.secretArn]);
  }

  sendsTo(variable: QueueVariable, queue: IQueue): this {
    this.#workload.setEnvironment(variable, queue.queueUrl);
    return this.#allow(['sqs:SendMessage'], [queue.queueArn]);
  }

  /** For a workload that polls itself; Lambda polls for a function. */
  consumes(variable: QueueVariable, queue: IQueue): this {
    this.#workload.setEnvironment(variable, queue.queueUrl);
    return this.#allow([...consumerActions], [queue.queueArn]);
  }

  pushesTo(stage: WebSocketStage): this {
    this.#workload.setEnvironment('WEBSOCKET_ENDPOINT', stage.callbackUrl);
    for (const method of ['POST', 'DELETE'] as const) {
      const connections = connectionsArn(stage, method);
      this.#allow(['execute-api:ManageConnections'], [connections]);
      const reason = `API Gateway names a connection when it opens; only ${method} on this one stage is allowed.`;
      acknowledgeWildcard(this.#workload.grantPrincipal, connections, reason);
    }
    return this;
  }

  /** May see how many tasks the service has, and change that number. */
  asksFor({ service }: Grader): this {
    this.#workload.setEnvironment('CLUSTER_ARN', service.cluster.clusterArn);
    this.#workload.setEnvironment('GRADER_SERVICE', service.serviceArn);
    return this.#allow(['ecs:DescribeServices', 'ecs:UpdateService'], [service.serviceArn], {
      ArnEquals: { 'ecs:cluster': service.cluster.clusterArn },
    });
  }

  launches(task: LaunchedTask): this {
    for (const [name, value] of Object.entries(task.launchEnvironment())) {
      this.#workload.setEnvironment(name, value);
    }
    const { definition, cluster } = task;
    this.#allow(['ecs:RunTask'], [definition.taskDefinitionArn], {
      ArnEquals: { 'ecs:cluster': cluster.clusterArn },
    });
    const tasks = cluster.stack.formatArn({ service: 'ecs', resource: `task/${cluster.clusterName}/*` });
    this.#allow(['ecs:TagResource'], [tasks], { StringEquals: { 'ecs:CreateAction': 'RunTask' } });
    const reason =
      'ECS names a task when it starts; only tagging while starting one in this cluster is allowed.';
    acknowledgeWildcard(this.#workload.grantPrincipal, tasks, reason);
    return this.#allow(
      ['iam:PassRole'],
      [definition.taskRole.roleArn, definition.obtainExecutionRole().roleArn],
      {
        StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
      },
    );
  }

  #allow(actions: readonly string[], resources: string[], conditions: Conditions = {}): this {
    const statement = new PolicyStatement({ actions: [...actions], resources, conditions });
    this.#workload.grantPrincipal.addToPrincipalPolicy(statement);
    return this;
  }
}

function connectionsArn(stage: WebSocketStage, method: 'POST' | 'DELETE'): string {
  const { stack, api, stageName } = stage;
  const resourceName = `${stageName}/${method}/@connections/*`;
  return stack.formatArn({ service: 'execute-api', resource: api.apiId, resourceName });
}
