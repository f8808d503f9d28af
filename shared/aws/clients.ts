import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createObjectReader, createObjects } from './objects.ts';
import { inMemoryHandler } from './request-handler.ts';
import { Sha256 } from './sha256.ts';

/**
 * One client of each service for the life of the process, made on first use so that a bundle pays only for
 * what it calls: the marks let the bundler drop the clients that nobody imports. Endpoints and credentials come
 * from the environment, as the SDK reads them.
 */
const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

export const dynamoDb = /* @__PURE__ */ once(() => {
  const client = new DynamoDBClient({
    maxAttempts: 5,
    sha256: Sha256,
    requestHandler: inMemoryHandler(),
    cacheMiddleware: true,
  });
  for (const name of unread) client.middlewareStack.remove(name);
  client.config.signer = once(client.config.signer);
  return client;
});
/** A sixth of what a call costs, for what nobody reads: a log without a logger, who the user's agent is. */
const unread = ['loggerMiddleware', 'getUserAgentMiddleware'];
export const sqs = /* @__PURE__ */ once(() => new SQSClient({ requestHandler: inMemoryHandler() }));
export const ecs = /* @__PURE__ */ once(() => new ECSClient({}));
export const s3 = /* @__PURE__ */ once(() => new S3Client({ forcePathStyle: true }));
/** The objects of a bucket, without the SDK's client, in the name of whoever uses the table. */
export const objectsIn = (bucket: string, endpoint: string | undefined) =>
  createObjects(callerOf(bucket, endpoint));
/** The same for who only reads. */
export const readableObjectsIn = (bucket: string, endpoint: string | undefined) =>
  createObjectReader(callerOf(bucket, endpoint));
const callerOf = (bucket: string, endpoint: string | undefined) => {
  const { credentials, region } = dynamoDb().config;
  return { bucket, endpoint, credentials, region };
};
export const sockets = (endpoint: string) =>
  new ApiGatewayManagementApiClient({ endpoint, requestHandler: inMemoryHandler() });
