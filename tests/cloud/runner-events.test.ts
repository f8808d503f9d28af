import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Platform } from '#tests/support/platform.ts';
import { counted, eventually, isAlive, item, jsonOf, post, startFixture } from './world.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await startFixture();
});
afterAll(() => platform.stop());

const put = (sk: string, type = 'event') => post(platform, 'put', { pk: 'source', sk, type });

interface Started {
  readonly tasks: readonly {
    readonly taskArn: string;
    readonly lastStatus: string;
    readonly startedBy: string;
  }[];
  readonly failures: readonly { readonly reason: string }[];
}
const run = (command: readonly string[], extra: object = {}): Promise<Started> =>
  jsonOf(post(platform, 'run', { command, ...extra }));

/** A machine with few cores refuses while earlier tasks end. */
const runWhenThereIsRoom = (command: readonly string[], extra: object = {}): Promise<Started> =>
  eventually(async () => {
    const started = await run(command, extra);
    return started.tasks.length > 0 ? started : undefined;
  }, 20_000);

test('a written item reaches the stream function at once, and only what the filter lets through', async () => {
  await put('cold');
  await counted(platform, 'read', 'cold', 1, 20_000);
  const started = performance.now();
  await put('first');
  await counted(platform, 'read', 'first');
  expect(performance.now() - started).toBeLessThan(1000);
  await put('other', 'note');
  await put('last');
  await counted(platform, 'read', 'last');
  expect(await item(platform, 'read', 'other')).toBeUndefined();
});

test('a record that fails is tried again until it succeeds, and what follows waits for it', async () => {
  await put('later');
  await put('after');
  await counted(platform, 'read', 'after');
  expect(await item(platform, 'read', 'later')).toMatchObject({ n: 1 });
});

test('a record that never succeeds goes to the on-failure bucket, and its neighbours are not lost', async () => {
  await Promise.all(['n1', 'poison', 'n2', 'n3'].map((sk) => put(sk)));
  for (const sk of ['n1', 'n2', 'n3']) await counted(platform, 'read', sk);
  const s3 = new S3Client({
    region: 'us-east-1',
    endpoint: platform.gateway,
    forcePathStyle: true,
    credentials: { accessKeyId: 'LOCALADMIN', secretAccessKey: 'local' },
  });
  const Bucket = 'fixture-data-failures';
  const Key = await eventually(async () => {
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'aws/lambda/' }));
    return Contents?.[0]?.Key;
  });
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const record = JSON.parse((await Body?.transformToString()) ?? '{}');
  expect(record.requestContext).toMatchObject({
    condition: 'RetryAttemptsExhausted',
    approximateInvokeCount: 3,
  });
  expect(record.DDBStreamBatchInfo.batchSize).toBe(1);
  expect(record.payload.Records[0].dynamodb.NewImage.sk.S).toBe('poison');
}, 30_000);

test('a task runs its command with its role, its metadata and its overrides, and its end is an event', async () => {
  const environment = [{ name: 'COLOUR', value: 'green' }];
  const { tasks, failures } = await run(['node', 'main.mjs', 'end', 'one'], { token: 'job-1', environment });
  expect(failures).toEqual([]);
  expect(tasks).toMatchObject([{ lastStatus: 'PENDING', startedBy: 'test' }]);
  const taskArn = tasks[0]?.taskArn ?? '';
  const said = await eventually(() => item(platform, 'task one', `started ${taskArn}`));
  expect(JSON.parse(String(said['environment']))).toMatchObject({
    COLOUR: 'green',
    AWS_ACCESS_KEY_ID: 'LOCALTaskRole',
    AWS_ENDPOINT_URL: platform.gateway,
    TABLE_NAME: 'Fixture-Data-Table',
  });
  const stopped = await eventually(() => item(platform, 'stopped', taskArn));
  expect(stopped).toMatchObject({ exit_code: 0, stop_code: 'EssentialContainerExited', started_by: 'test' });
}, 20_000);

test('the same client token gives the same task, with other parameters a conflict', async () => {
  const first = await runWhenThereIsRoom(['node', 'main.mjs', 'end', 'two'], { token: 'job-2' });
  const again = await run(['node', 'main.mjs', 'end', 'two'], { token: 'job-2' });
  expect(again.tasks[0]?.taskArn).toBe(first.tasks[0]?.taskArn);
  expect((await post(platform, 'run', { command: ['node', 'x.mjs'], token: 'job-2' })).status).toBe(500);
  expect(platform.output()).toContain('ConflictException');
});

test('a task that fails is reported with its exit code', async () => {
  const { tasks } = await runWhenThereIsRoom(['node', 'main.mjs', 'fail', 'three']);
  const stopped = await eventually(() => item(platform, 'stopped', tasks[0]?.taskArn ?? ''));
  expect(stopped).toMatchObject({ exit_code: 7 });
  expect(platform.output()).toMatch(/worker ended with exit code 7 \(logs\/tasks\/worker-[\da-f]{32}\.log\)/);
}, 20_000);

test('a machine that is full refuses with a failure and HTTP 200, and takes tasks again later', async () => {
  const first = await runWhenThereIsRoom(['node', 'main.mjs', 'wait', 'w0']);
  const waiting = first.tasks.map(({ taskArn }) => taskArn);
  for (;;) {
    const { tasks, failures } = await run(['node', 'main.mjs', 'wait', `w${waiting.length}`]);
    if (tasks[0] === undefined) {
      expect(failures).toMatchObject([{ reason: 'RESOURCE:CPU' }]);
      break;
    }
    waiting.push(tasks[0].taskArn);
  }
  const { ECSClient, StopTaskCommand, DescribeTasksCommand } = await import('@aws-sdk/client-ecs');
  const credentials = { accessKeyId: 'LOCALADMIN', secretAccessKey: 'local' };
  const ecs = new ECSClient({ region: 'us-east-1', endpoint: platform.gateway, credentials });
  const cluster = 'Fixture-App-Cluster';
  for (const [index, task] of waiting.entries()) {
    const said = await eventually(() => item(platform, `task w${index}`, `started ${task}`), 20_000);
    await ecs.send(new StopTaskCommand({ cluster, task, reason: 'enough' }));
    expect(await eventually(() => item(platform, `task w${index}`, 'saved'))).toBeDefined();
    await eventually(() => item(platform, 'stopped', task));
    expect(isAlive(Number(said['pid']))).toBe(false);
    const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [task] }));
    expect(tasks?.[0]).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'UserInitiated',
      stoppedReason: 'enough',
    });
  }
  expect((await runWhenThereIsRoom(['node', 'main.mjs', 'end', 'again'])).tasks).toHaveLength(1);
}, 60_000);
