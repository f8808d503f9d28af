import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createAdversity } from './adverse.ts';
import { createApis, localEndpoints } from './apis.ts';
import { loadAssembly } from './assembly.ts';
import { type Compute, createCompute } from './compute.ts';
import { runTriggers, warmTriggers } from './custom-resources.ts';
import { type DataFolder, damaged } from './data-folder.ts';
import type { FrontDoor } from './edge/front-door.ts';
import { Failure, messageOf } from './failure.ts';
import { adminKeyId, localSecret } from './gateway.ts';
import { type Ground, openGround } from './ground.ts';
import type { LambdaFunction } from './lambda/function.ts';
import { Functions } from './lambda/functions.ts';
import { LogFiles } from './log-files.ts';
import type { Model } from './model.ts';
import { observeFunctions, withoutRepeats } from './notices.ts';
import { isSound, isSqlite, openState } from './state.ts';
import { openStores } from './stores.ts';

export interface PlatformOptions {
  readonly assembly: string;
  readonly data: DataFolder;
  readonly frontDoor: FrontDoor;
  /** Seed of the adverse mode. */
  readonly adverse: number | undefined;
  /** JSON with the first administrator's e-mail and password, when they are given. */
  readonly firstAdmin: string | undefined;
  readonly phase: (text: string) => void;
  /** Something went wrong that the person at the terminal should hear of. */
  readonly warn: (text: string) => void;
  /** The platform cannot go on. */
  readonly broke: (error: Failure) => void;
}

export interface Platform {
  readonly origins: readonly string[];
  readonly gateway: string;
  /** The value of the secret that holds the first administrator's sign-in. */
  firstAdmin(): Promise<string | undefined>;
  /** Starts the services: nobody who waits for the platform waits for them. */
  startServices(): void;
  /** Stops everything in order; what is under way may end. `note` says what is waited for. */
  stop(note: (text: string) => void): Promise<void>;
}

const frontDoorGraceMs = 5_000;

/** Starts the whole cloud of a school from its assembly, on this machine. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { data, frontDoor, broke } = options;
  const warn = withoutRepeats(options.warn);
  const stacks = loadAssembly(options.assembly);
  checkFiles(data);
  const adversity = options.adverse === undefined ? undefined : createAdversity(options.adverse);
  const logs = new LogFiles(data.at('logs'));
  const note = (event: string, fields: Record<string, unknown>) =>
    logs.write('runner', JSON.stringify({ timestamp: new Date().toISOString(), event, ...fields }));
  const failed = (error: unknown): void => {
    note('runner.error', { error: error instanceof Error ? error.stack : String(error) });
    warn(`${messageOf(error)} (logs/runner.log)`);
  };

  options.phase('Start the table, the queues and the buckets');
  let wake = (): void => {};
  const { firstAdmin } = options;
  const ground = await openGround({ stacks, data, adversity, log: note, firstAdmin });
  const { model, gateway, credentials } = ground;
  refuseUnknown(model);
  const localise = localiser(model, gateway.url, frontDoor.origins);
  const scratch = data.at('tmp');
  mkdirSync(scratch, { recursive: true });
  const functions = new Functions({
    model,
    observer: observeFunctions(logs, warn),
    credentials,
    localise,
    scratch,
  });
  warmTriggers(model, functions);
  const stores = await openStores({ ground, data, adversity, log: note, onWrite: () => wake() });
  void stores.dynamodb.died.then((code) => {
    broke(new Failure(`The table's engine ended unexpectedly (exit code ${code}). See ${data.at('logs')}.`));
  });

  options.phase('Set up the school');
  const state = openState(data.at('state.sqlite'));
  const common = { ground, stores, functions, scratch, state, logs, adversity, localise, failed, warn };
  const compute = await createCompute(common);
  const { distribution, webSockets, fronting } = createApis(ground, functions, adversity);
  await runTriggers(model, functions);
  wake = () => {
    for (const mapping of compute.mappings.streams) mapping.wake();
  };
  begin(compute);
  frontDoor.open(distribution, failed);
  void warmInTurn([...fronting, ...compute.mappings.targets]);

  return {
    origins: frontDoor.origins,
    gateway: gateway.url,
    firstAdmin: () => readFirstAdmin(ground),
    startServices: () => {
      for (const service of compute.services) service.start();
    },
    stop: async (progress) => {
      progress('Close the front door');
      await Promise.all(webSockets.map((api) => api.close()));
      await frontDoor.close(frontDoorGraceMs);
      await end(compute, progress);
      progress('Stop functions and services');
      await functions.close();
      await gateway.close();
      await stores.close();
      state.close();
      logs.close();
    },
  };
}

function begin({ clusters, invoker, mappings, schedules }: Compute): void {
  invoker.resume();
  for (const cluster of clusters) cluster.recover();
  for (const mapping of [...mappings.streams, ...mappings.queues]) mapping.start();
  schedules.start();
}

/** In the background and one after the other, so that the first click finds its function loaded and the machine free. */
async function warmInTurn(functions: readonly LambdaFunction[]): Promise<void> {
  for (const one of new Set(functions)) await one.warm();
}

async function end(
  { clusters, services, invoker, mappings, schedules }: Compute,
  progress: (text: string) => void,
): Promise<void> {
  progress('Stop schedules and queues');
  schedules.stop();
  for (const service of services) service.stop();
  await Promise.all([...mappings.streams, ...mappings.queues].map((mapping) => mapping.stop()));
  const running = clusters.reduce((sum, cluster) => sum + cluster.running, 0);
  if (running > 0) progress(`Let ${running} ${running === 1 ? 'task' : 'tasks'} save what they do`);
  await Promise.all(clusters.map((cluster) => cluster.close()));
  await invoker.stop();
}

/** What every start leaves behind. Without one of them the next would begin an empty school and say nothing. */
const keptFiles = ['secrets.json', 'sqs.sqlite', 'state.sqlite', 's3/index.sqlite'];

function checkFiles(data: DataFolder): void {
  if (!data.isNew) {
    for (const name of keptFiles) if (!hasContent(data.at(name))) throw damaged(data.path, name);
    if (!hasTables(data.at('dynamodb'))) throw damaged(data.path, 'dynamodb');
  }
  for (const name of ['state.sqlite', 'sqs.sqlite']) {
    if (!isSound(data.at(name))) throw damaged(data.path, name);
  }
}

/**
 * Whether the engine's database is there. Its name depends on the engine; what else lies there (a log that a killed
 * engine left) would let SQLite begin an empty one.
 */
function hasTables(folder: string): boolean {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const databases = files.filter((name) => /\.(sqlite|db)$/.test(name));
  return databases.length > 0 && databases.every((name) => isSqlite(join(folder, name)));
}

const hasContent = (file: string): boolean => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;

function refuseUnknown(model: Model): void {
  const unknown = model.unknownTypes();
  if (unknown.length > 0)
    throw new Failure(`The template has resources that this machine cannot run: ${unknown.join(', ')}.`);
}

/** Replaces what only exists in the cloud: the public address and the endpoints of the APIs. */
function localiser(model: Model, gateway: string, origins: readonly string[]) {
  const endpoints = localEndpoints(model, gateway, origins[0] ?? '');
  return (environment: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(environment).map(([name, value]) => {
        if (name === 'PUBLIC_ORIGINS') return [name, origins.join(',')];
        const endpoint = [...endpoints].find(([cloud]) => value.startsWith(cloud));
        return [name, endpoint === undefined ? value : value.replace(...endpoint)];
      }),
    );
}

/** Asked at the first start only, which is why the SDK is not loaded before. */
async function readFirstAdmin({ gateway, model, adminSecretArn }: Ground): Promise<string | undefined> {
  if (adminSecretArn === undefined) return undefined;
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const credentials = { accessKeyId: adminKeyId, secretAccessKey: localSecret };
  const client = new SecretsManagerClient({ region: model.region, endpoint: gateway.url, credentials });
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: adminSecretArn }));
  client.destroy();
  return SecretString;
}
