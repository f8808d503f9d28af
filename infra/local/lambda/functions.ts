import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { asNumber, asObject, asText, at } from '../json.ts';
import type { Deployed, Model } from '../model.ts';
import { type FunctionObserver, type FunctionSetting, LambdaFunction } from './function.ts';

/** Lambda's own limits per function where the template says nothing; concurrency is what a laptop bears. */
const defaults = { memoryMb: 128, timeoutS: 3, concurrency: 8 };

export interface FunctionsOptions {
  readonly model: Model;
  readonly observer: FunctionObserver;
  readonly credentials: (roleArn: string | undefined) => Readonly<Record<string, string>>;
  /** What the environment of a function becomes on this machine. */
  readonly localise: (environment: Readonly<Record<string, string>>) => Record<string, string>;
  /** Folder for os.tmpdir(). */
  readonly scratch: string;
}

/** The functions of the template that are ours to run: CDK's own custom resource providers are not. */
export class Functions {
  readonly #byArn: ReadonlyMap<string, LambdaFunction>;

  constructor(options: FunctionsOptions) {
    const providers = providerArns(options.model);
    this.#byArn = new Map(
      options.model
        .ofType('AWS::Lambda::Function')
        .filter((one) => !providers.has(one.attribute('Arn')))
        .map((one) => [one.attribute('Arn'), new LambdaFunction(settingOf(one, options), options.observer)]),
    );
  }

  get all(): LambdaFunction[] {
    return [...this.#byArn.values()];
  }

  /** Invocations that wait for an environment. */
  get waiting(): number {
    return this.all.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** By ARN, with or without version or alias, also inside the URI of an API Gateway integration. */
  byArn(text: string): LambdaFunction {
    const arn = /arn:aws:lambda:[\w-]+:\d+:function:[\w-]+/.exec(text)?.[0] ?? text;
    const found = this.#byArn.get(arn);
    if (found === undefined) throw new Error(`${text} is no function that runs here`);
    return found;
  }

  byName(name: string): LambdaFunction {
    const found = this.all.find(({ setting }) => setting.name === name || setting.arn === name);
    if (found === undefined) throw new Error(`There is no function ${name}`);
    return found;
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((one) => one.close()));
  }
}

/** Functions that only serve custom resources, which the runner implements itself. */
function providerArns(model: Model): Set<string> {
  const custom = model.ofType(
    'Custom::Trigger',
    'Custom::CDKBucketDeployment',
    'Custom::S3AutoDeleteObjects',
  );
  return new Set(custom.flatMap(({ properties }) => asText(properties['ServiceToken']) ?? []));
}

function bundleOf({ logicalId, properties, stack }: Deployed): { file: string; exportName: string } {
  const hash = (asText(at(properties['Code'], 'S3Key')) ?? '').replace(/\.zip$/, '');
  const folder = stack.files.get(hash);
  if (folder === undefined) throw new Error(`The code of ${logicalId} is no asset of this app`);
  const [module = 'index', exportName = 'handler'] = (asText(properties['Handler']) ?? '').split('.');
  const file = ['.mjs', '.js', '.cjs'].map((extension) => join(folder, module + extension)).find(existsSync);
  if (file === undefined) throw new Error(`${logicalId} has no ${module}.mjs, .js or .cjs in ${folder}`);
  return { file, exportName };
}

/** `AuthFunctionD5A3E5F1` is `AuthFunction` in logs: the hash at the end says nothing to people. */
export const labelOf = (logicalId: string): string =>
  logicalId.replace(/[0-9A-F]{8}$/, '').replace(/Function$/, '') || logicalId;

function settingOf(one: Deployed, options: FunctionsOptions): FunctionSetting {
  const { properties, ref, logicalId } = one;
  const memoryMb = asNumber(properties['MemorySize']) ?? defaults.memoryMb;
  const variables = Object.entries(asObject(at(properties['Environment'], 'Variables')));
  const environment = Object.fromEntries(variables.map(([name, value]) => [name, asText(value) ?? '']));
  return {
    label: asText(environment['POWERTOOLS_SERVICE_NAME']) ?? labelOf(logicalId),
    name: ref,
    arn: one.attribute('Arn'),
    ...bundleOf(one),
    memoryMb,
    timeoutMs: (asNumber(properties['Timeout']) ?? defaults.timeoutS) * 1000,
    concurrency: asNumber(properties['ReservedConcurrentExecutions']) ?? defaults.concurrency,
    environment: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LANG: 'C.UTF-8',
      TZ: ':UTC',
      TMPDIR: options.scratch,
      ...options.localise(environment),
      ...options.credentials(asText(properties['Role'])),
      AWS_EXECUTION_ENV: `AWS_Lambda_${asText(properties['Runtime']) ?? 'nodejs'}`,
      AWS_LAMBDA_FUNCTION_NAME: ref,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${ref}`,
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    },
  };
}
