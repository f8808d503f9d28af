import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * One client of each service for the life of the process, made on first use so that a bundle pays only for
 * what it calls. Endpoints and credentials come from the environment, as the SDK reads them.
 */
const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

export const documents = once(() =>
  DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 5 }), {
    marshallOptions: { removeUndefinedValues: true },
  }),
);
export const sqs = once(() => new SQSClient({}));
export const ecs = once(() => new ECSClient({}));
export const s3 = once(() => new S3Client({ forcePathStyle: true }));
export const secrets = once(() => new SecretsManagerClient({}));
export const sockets = (endpoint: string) => new ApiGatewayManagementApiClient({ endpoint });
