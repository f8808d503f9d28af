import type { WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { indexNames } from './school-table.ts';
import type { Trainer } from './trainer.ts';

/** Something that runs code of ours: a Lambda function or a Fargate task. */
export interface Workload extends IGrantable {
  setEnvironment(name: string, value: string): void;
}

/**
 * What each kind of access to the table allows. Transactions need the actions of their parts. Nobody scans,
 * and only what removes items may delete.
 */
const tableActions = {
  read: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:ConditionCheckItem'],
  write: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
  erase: ['dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'],
} as const;
export type TableAccess = keyof typeof tableActions;

type Conditions = Record<string, Record<string, string>>;

const objectActions = { read: 's3:GetObject', write: 's3:PutObject' } as const;

/** Gives a workload the variables and the permissions for what it uses; one call, so that they can't drift. */
export function bind(workload: Workload) {
  const allow = (actions: readonly string[], resources: string[], conditions: Conditions = {}) =>
    workload.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: [...actions], resources, conditions }),
    );

  const binding = {
    table(table: ITable, ...access: TableAccess[]) {
      workload.setEnvironment('TABLE_NAME', table.tableName);
      const actions = access.flatMap((kind) => tableActions[kind]);
      allow(actions, [table.tableArn]);
      if (access.includes('read')) {
        allow(
          ['dynamodb:Query'],
          indexNames.map((index) => `${table.tableArn}/index/${index}`),
        );
      }
      return binding;
    },

    artifacts(bucket: IBucket, prefix: string, ...access: (keyof typeof objectActions)[]) {
      workload.setEnvironment('ARTIFACTS_BUCKET', bucket.bucketName);
      allow(
        access.map((kind) => objectActions[kind]),
        [bucket.arnForObjects(`${prefix}/*`)],
      );
      return binding;
    },

    secret(variable: 'SIGNING_SECRET_ARN' | 'ADMIN_SECRET_ARN', secret: ISecret) {
      workload.setEnvironment(variable, secret.secretArn);
      allow(['secretsmanager:GetSecretValue'], [secret.secretArn]);
      return binding;
    },

    sendsTo(queue: IQueue) {
      workload.setEnvironment('TRAINING_QUEUE_URL', queue.queueUrl);
      allow(['sqs:SendMessage'], [queue.queueArn]);
      return binding;
    },

    pushesTo(stage: WebSocketStage) {
      workload.setEnvironment('WEBSOCKET_ENDPOINT', stage.callbackUrl);
      allow(
        ['execute-api:ManageConnections'],
        [connectionsArn(stage, 'POST'), connectionsArn(stage, 'DELETE')],
      );
      return binding;
    },

    launches(trainer: Trainer) {
      for (const [name, value] of Object.entries(trainer.launchEnvironment())) {
        workload.setEnvironment(name, value);
      }
      const { task, cluster } = trainer;
      allow(['ecs:RunTask'], [task.taskDefinitionArn], { ArnEquals: { 'ecs:cluster': cluster.clusterArn } });
      allow(['iam:PassRole'], [task.taskRole.roleArn, task.obtainExecutionRole().roleArn], {
        StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
      });
      return binding;
    },
  };
  return binding;
}

function connectionsArn(stage: WebSocketStage, method: 'POST' | 'DELETE'): string {
  const { stack, api, stageName } = stage;
  const resourceName = `${stageName}/${method}/@connections/*`;
  return stack.formatArn({ service: 'execute-api', resource: api.apiId, resourceName });
}
