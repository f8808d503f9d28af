import { dynamoDb } from '#shared/aws/clients.ts';

/**
 * The client that the loaded handlers share, for a test that adds to its middleware, after `aSchool()`. From now on it
 * resolves each call's middleware anew: what it keeps would not know what is added.
 */
export function hookedTable() {
  const client = dynamoDb();
  client.config.cacheMiddleware = false;
  return client;
}
