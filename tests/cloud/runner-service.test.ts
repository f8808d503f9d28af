import {
  DescribeServicesCommand,
  ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { afterEach, expect, test } from 'vitest';
import { type Platform, startPlatform } from '#tests/support/platform.ts';
import { scratch } from '#tests/support/scratch.ts';
import { crew, fixtureAssembly } from './fixtures/assembly.ts';
import { eventually, isAlive, item, jsonOf, post } from './world.ts';

const assembly = fixtureAssembly({}, crew);
const folder = scratch('services');
const cluster = 'Fixture-App-Cluster';
const service = 'Fixture-App-Crew';
let running: Platform | undefined;

const start = async (data: string): Promise<Platform> => {
  running = await startPlatform({ assembly, data: `${folder}/${data}` });
  return running;
};
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

const ecsOf = (platform: Platform, accessKeyId = 'LOCALADMIN') =>
  new ECSClient({
    region: 'us-east-1',
    endpoint: platform.gateway,
    credentials: { accessKeyId, secretAccessKey: 'local' },
    maxAttempts: 1,
  });

const counts = async (ecs: ECSClient) => {
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
  return [services?.[0]?.desiredCount, services?.[0]?.runningCount];
};
const tasksOf = async (ecs: ECSClient): Promise<string[]> => {
  const { taskArns } = await ecs.send(new ListTasksCommand({ cluster, serviceName: service }));
  return taskArns ?? [];
};
/** The process of a task, once it has said that it works. */
const processOf = async (platform: Platform, taskArn = ''): Promise<number> => {
  const said = await eventually(() => item(platform, 'task crew', `started ${taskArn}`), 20_000);
  return Number(said['pid']);
};
const nextTask = (ecs: ECSClient, earlier: readonly string[]): Promise<string> =>
  eventually(async () => (await tasksOf(ecs)).find((arn) => !earlier.includes(arn)), 10_000);

test('a service keeps one task when the template omits the count, and replaces one that is killed or stopped', async () => {
  const platform = await start('kept');
  const ecs = ecsOf(platform);
  expect(await counts(ecs)).toEqual([1, 1]);
  const first = await nextTask(ecs, []);
  process.kill(await processOf(platform, first), 'SIGKILL');
  const second = await nextTask(ecs, [first]);
  await processOf(platform, second);
  // the event of its end comes by a way of its own
  expect(await eventually(() => item(platform, 'stopped', first), 10_000)).toMatchObject({ exit_code: 137 });
  await ecs.send(new StopTaskCommand({ cluster, task: second, reason: 'try another' }));
  const third = await nextTask(ecs, [first, second]);
  await processOf(platform, third);
  expect(await counts(ecs)).toEqual([1, 1]);
}, 60_000);

test('its count is changed through the API, with a grant only, and survives kill -9', async () => {
  const before = await start('counted');
  const [first] = await tasksOf(ecsOf(before));
  const pid = await processOf(before, first);
  const caller = ecsOf(before, 'LOCALCallerRole');
  await caller.send(new UpdateServiceCommand({ cluster, service, desiredCount: 0 }));
  await eventually(async () => (isAlive(pid) ? undefined : true));
  expect(await item(before, 'task crew', 'saved')).toBeDefined();
  expect(await counts(caller)).toEqual([0, 0]);
  const stranger = ecsOf(before, 'LOCALTaskRole');
  await expect(
    stranger.send(new UpdateServiceCommand({ cluster, service, desiredCount: 1 })),
  ).rejects.toThrow('no identity-based policy allows the ecs:UpdateService action');
  await expect(counts(stranger)).rejects.toThrow('ecs:DescribeServices');
  await before.kill();

  const after = await start('counted');
  expect(await counts(ecsOf(after))).toEqual([0, 0]);
  await ecsOf(after).send(new UpdateServiceCommand({ cluster, service, desiredCount: 1 }));
  const [again] = await tasksOf(ecsOf(after));
  const child = await processOf(after, again);
  await after.kill();
  await eventually(async () => (isAlive(child) ? undefined : true), 5_000);

  const last = await start('counted');
  const replaced = await nextTask(ecsOf(last), [again ?? '']);
  expect(isAlive(await processOf(last, replaced))).toBe(true);
  expect(await last.stop()).toBe(0);
  running = undefined;
}, 120_000);

test('its task takes no room from the tasks that are asked for, nor those of one family from another’s', async () => {
  const platform = await start('room');
  expect(await tasksOf(ecsOf(platform))).toHaveLength(1);
  const run = async (name: string) => {
    const body = { command: ['node', 'main.mjs', 'wait', name] };
    return (await jsonOf<{ tasks: unknown[] }>(post(platform, 'run', body))).tasks.length;
  };
  const started = [];
  while ((await run(`room${started.length}`)) === 1) started.push(1);
  const { availableParallelism } = await import('node:os');
  expect(started).toHaveLength(availableParallelism());
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
  const other = new RunTaskCommand({ cluster, taskDefinition: 'crew', networkConfiguration });
  const { tasks, failures } = await ecsOf(platform).send(other);
  expect(failures).toEqual([]);
  expect(tasks).toHaveLength(1);
}, 60_000);

test('a service or cluster that does not exist is said to be missing', async () => {
  const ecs = ecsOf(await start('missing'));
  await expect(
    ecs.send(new UpdateServiceCommand({ cluster, service: 'none', desiredCount: 1 })),
  ).rejects.toThrow('Service not found');
  const { failures } = await ecs.send(new DescribeServicesCommand({ cluster, services: ['none'] }));
  expect(failures).toEqual([{ arn: 'none', reason: 'MISSING' }]);
}, 60_000);
