import { createSite, type Site } from './edge/static-site.ts';
import { Failure } from './failure.ts';
import { asObject, asText, textList } from './json.ts';
import type { Functions } from './lambda/functions.ts';
import { InvocationError } from './lambda/protocol.ts';
import type { Model } from './model.ts';

/** The files that CDK's bucket deployments put into a bucket, served from the assets themselves. */
export function siteOf(model: Model, bucket: string): Site {
  const deployments = model
    .ofType('Custom::CDKBucketDeployment')
    .filter(({ properties }) => properties['DestinationBucketName'] === bucket)
    .flatMap(({ properties, stack, logicalId }) => {
      const prefix = asText(properties['DestinationBucketKeyPrefix']) ?? '';
      const metadata = asObject(properties['SystemMetadata']);
      return textList(properties['SourceObjectKeys']).map((key) => {
        const folder = stack.files.get(key.replace(/\.zip$/, ''));
        if (folder === undefined)
          throw new Error(`${logicalId} deploys ${key}, which is no asset of this app`);
        const below = prefix === '' ? '' : `${prefix.replace(/\/$/, '')}/`;
        return { folder, prefix: below, cacheControl: asText(metadata['cache-control']) };
      });
    });
  return createSite(deployments);
}

/** Names of the buckets that deployments fill. */
export const deployedBuckets = (model: Model): Set<string | undefined> =>
  new Set(
    model.ofType('Custom::CDKBucketDeployment').map((one) => asText(one.properties['DestinationBucketName'])),
  );

const triggered = (model: Model, functions: Functions) =>
  model.ofType('Custom::Trigger').map(({ logicalId, properties }) => ({
    logicalId,
    target: functions.byArn(asText(properties['HandlerArn']) ?? ''),
  }));

/** Loads the functions of the triggers while other things start. */
export function warmTriggers(model: Model, functions: Functions): void {
  for (const { target } of triggered(model, functions)) void target.warm();
}

/** CDK's triggers: functions that a deployment runs. Here every start is a deployment. */
export async function runTriggers(model: Model, functions: Functions): Promise<void> {
  for (const { logicalId, target } of triggered(model, functions)) {
    try {
      await target.invoke({});
    } catch (error) {
      if (!(error instanceof InvocationError)) throw error;
      const { errorType, errorMessage } = error.detail;
      throw new Failure(
        `${logicalId} failed: ${target.setting.label} ended with ${errorType}: ${errorMessage}`,
      );
    }
  }
}
